package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import org.junit.jupiter.api.Test;

class TopicCommandsTest extends CliAtServer {

    private static final String STATE =
            """
            {"current_segment":10,"leader_node":2,"sealed_segments":{"9":250,"2":1000},\
            "segment_leaders":{"2":1,"9":3,"10":2},\
            "segment_states":{"2":"sealed","9":"sealed","10":"open"}}""";

    @Test
    void createRegistersEachNamedTopic() {
        CliRun run = run("topic", "create", "a", "b");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("OK\n");
        assertThat(server.received())
                .containsExactly(new Command.Register("a"), new Command.Register("b"));
    }

    @Test
    void createWithOneIllegalNameCreatesNothing() {
        CliRun run = run("topic", "create", "good", "b/d");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines().get(0)).startsWith("walrus: TOPIC: ");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void listShowsALineForEachTopic() {
        useServer(
                request ->
                        request instanceof Command.Topics
                                ? new Reply.Json("[\"clicks\",\"orders.eu\"]")
                                : new Reply.Json(STATE));

        CliRun run = run("topic", "list");

        assertThat(run.out())
                .isEqualTo(
                        """
                        TOPIC      SEGMENTS  LEADER  SEALED ENTRIES
                        clicks           10       2            1250
                        orders.eu        10       2            1250
                        """);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void listLeavesOutATopicThatWasDeletedMeanwhile() {
        useServer(
                request -> {
                    if (request instanceof Command.Topics) {
                        return new Reply.Json("[\"gone\",\"here\"]");
                    }
                    return ((Command.State) request).topic().equals("gone")
                            ? Reply.Err.unknownTopic("gone")
                            : new Reply.Json(STATE);
                });

        assertThat(run("topic", "list").out()).contains("here").doesNotContain("gone");
    }

    @Test
    void listForProgramsIsTheServersArrayOrBareNames() {
        log.with("b").with("a");

        assertThat(run("topic", "list", "-o", "json").out()).isEqualTo("[\"a\",\"b\"]\n");
        assertThat(run("topic", "list", "--names").out()).isEqualTo("a\nb\n");
    }

    @Test
    void listOfNothingPrintsNothingAndIsNoFailure() {
        CliRun run = run("topic", "list");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("no topics");
    }

    @Test
    void describeShowsSegmentsInOrderOfTheirNumbers() {
        useServer(request -> new Reply.Json(STATE));

        assertThat(run("topic", "describe", "t").out())
                .isEqualTo(
                        """
                        SEGMENT  STATE   LEADER  ENTRIES
                              2  sealed       1     1000
                              9  sealed       3      250
                             10  open         2        -
                        """);
        assertThat(run("topic", "describe", "t", "-o", "json").out()).isEqualTo(STATE + "\n");
    }

    @Test
    void stateIsJsonUnlessATableIsAskedFor() {
        useServer(request -> new Reply.Json(STATE));

        assertThat(run("state", "t").out()).isEqualTo(STATE + "\n");
        assertThat(run("state", "t", "-o", "TABLE").out()).startsWith("SEGMENT ");
    }

    @Test
    void tableOfAServerThatKnowsOnlyTheOldKeysIsStillATable() {
        useServer(
                request ->
                        new Reply.Json(
                                "{\"current_segment\":2,\"leader_node\":1,\"sealed_segments\":{\"1\":5}}"));

        assertThat(run("topic", "describe", "t").out())
                .isEqualTo(
                        """
                        SEGMENT  STATE   LEADER  ENTRIES
                              1  sealed       -        5
                              2  open         -        -
                        """);
    }

    @Test
    void anOpenSegmentShowsWhatItHasIfItsLeaderWasAsked() {
        useServer(
                request ->
                        new Reply.Json(
                                "{\"current_segment\":2,\"open_segment_entries\":51,"
                                        + "\"sealed_segments\":{\"1\":5},"
                                        + "\"segment_leaders\":{\"1\":3,\"2\":1}}"));

        assertThat(run("topic", "describe", "t").out())
                .isEqualTo(
                        """
                        SEGMENT  STATE   LEADER  ENTRIES
                              1  sealed       3        5
                              2  open         1       51
                        """);
    }

    @Test
    void anAnswerThatIsNoJsonIsToldInOneLine() {
        useServer(request -> new Reply.Json("{half"));

        CliRun run = run("topic", "describe", "t");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).hasSize(1);
        assertThat(run.err()).contains("no JSON object");
    }

    @Test
    void aServerWithoutTheVerbIsToldPolitely() {
        useServer(request -> new Reply.Err(ErrorCode.UNSUPPORTED, "TOPICS is not served here"));

        CliRun run = run("topic", "list");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines())
                .containsExactly("walrus: ERR UNSUPPORTED TOPICS is not served here");
    }

    @Test
    void aGroupAloneSaysWhatItKnows() {
        CliRun run = CliRun.of("topic");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("topic wants one of: list, create, describe, delete");
    }

    @Test
    void anUnknownFormatNamesTheKnownOnes() {
        CliRun run = CliRun.of("topic", "list", "-o", "xml");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines().get(0))
                .containsIgnoringCase("table")
                .containsIgnoringCase("json");
    }
}
