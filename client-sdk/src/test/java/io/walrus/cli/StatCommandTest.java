package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StatCommandTest extends CliAtServer {

    @Test
    void countsWhatCameBetweenTwoLines() {
        log.with("t", "1", "2", "3");
        AtomicLong states = new AtomicLong();
        useServer(
                request -> {
                    if (request instanceof Command.State && states.incrementAndGet() > 1) {
                        for (int i = 0; i < 500; i++) {
                            log.apply(new Command.Put("t", Buffer.buffer("x")));
                        }
                    }
                    return log.apply(request);
                });

        CliRun run = run("stat", "t", "-n", "2", "--every", "1ms");

        assertThat(run.exitCode()).isZero();
        assertThat(words(run))
                .extracting(words -> words.get(1))
                .containsExactly("ENTRIES", "503", "1003");
    }

    @Test
    void aRateIsWhatCameInTheTimeBetween() {
        StatSample before = new StatSample(7_000_000_000L, 1_000, 1, 1, Set.of(1));
        StatSample now = new StatSample(9_000_000_000L, 1_501, 2, 3, Set.of(2));

        assertThat(now.rowAfter(before).trim().split(" +"))
                .containsExactly("251", "1501", "2", "3", "[2]");
        assertThat(now.rowAfter(now).trim()).startsWith("0 ");
    }

    @Test
    void aRolloverLosesNoEntryOfTheCount() {
        AtomicLong states = new AtomicLong();
        useServer(
                request -> {
                    if (request instanceof Command.State) {
                        return states.incrementAndGet() == 1
                                ? new Reply.Json("{\"current_segment\":1,\"leader_node\":1}")
                                : new Reply.Json(
                                        "{\"current_segment\":2,\"leader_node\":2,\"sealed_segments\":{\"1\":6}}");
                    }
                    Command.Fetch fetch = (Command.Fetch) request;
                    return fetch.offset() < (fetch.segment() == 1 ? 4 : 2)
                            ? new Reply.Fetched(fetch.offset() + 1, Buffer.buffer("x"))
                            : Reply.empty();
                });

        CliRun run = run("stat", "t", "-n", "1", "--every", "1ms");

        assertThat(words(run).get(1).subList(1, 5)).containsExactly("8", "1", "2", "[2]");
    }

    @Test
    void allTopicsAreAddedUpWhenNoneIsNamed() {
        log.with("a", "1", "2", "3").with("b", "1");

        CliRun run = run("stat", "-n", "1", "--every", "1ms");

        assertThat(words(run).get(1)).containsExactly("0", "4", "2", "2", "[]");
    }

    @Test
    void anUnknownTopicAndWrongUsageAreTold() {
        assertThat(run("stat", "nope", "-n", "1").exitCode()).isEqualTo(1);
        assertThat(CliRun.of("stat", "-n", "0").exitCode()).isEqualTo(2);
        assertThat(CliRun.of("stat", "--every", "0s").exitCode()).isEqualTo(2);
        assertThat(CliRun.of("stat", "a/b").exitCode()).isEqualTo(2);
    }

    private static List<List<String>> words(CliRun run) {
        return run.out().lines().map(line -> List.of(line.trim().split(" +"))).toList();
    }
}
