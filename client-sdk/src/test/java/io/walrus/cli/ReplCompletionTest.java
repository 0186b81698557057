package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplCompletionTest {

    private final ReplCompletion completion =
            new ReplCompletion(
                    WalrusCommandLine.forPrompt(new WalrusCommand(null), CliRun.silentStreams()),
                    () -> List.of("orders", "clicks"));

    @Test
    void theFirstWordIsACommand() {
        assertThat(at(""))
                .contains("put", "topic", "tail", "help", "exit")
                .doesNotContain("orders");
    }

    @Test
    void topicsStandWhereACommandWantsOne() {
        assertThat(at("get ")).containsExactly("orders", "clicks");
        assertThat(at("GET ")).containsExactly("orders", "clicks");
        assertThat(at("topic describe ")).containsExactly("orders", "clicks");
        assertThat(at("tail --follow ")).contains("orders");
        assertThat(at("fetch orders ")).isEmpty();
        assertThat(at("put orders ")).isEmpty();
        assertThat(at("metrics ")).isEmpty();
    }

    @Test
    void severalTopicsMayFollowEachOther() {
        assertThat(at("stat orders ")).contains("clicks");
    }

    @Test
    void aGroupIsFollowedByItsCommands() {
        assertThat(at("topic ")).contains("list", "create", "describe").doesNotContain("orders");
        assertThat(at("cluster ")).contains("health");
    }

    @Test
    void optionsAreThoseOfTheCommand() {
        assertThat(at("tail orders --")).contains("--follow", "--format").doesNotContain("--file");
        assertThat(at("topic list -")).contains("--names");
    }

    @Test
    void anUnknownCommandHasNothingToOffer() {
        assertThat(at("nonsense ")).doesNotContain("orders");
    }

    private Collection<String> at(String line) {
        String[] words = line.split(" ", -1);
        List<String> all = List.of(words);
        return completion.candidates(all.subList(0, all.size() - 1), all.get(all.size() - 1));
    }
}
