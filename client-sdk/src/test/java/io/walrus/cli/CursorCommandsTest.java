package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorCommandsTest extends CliAtServer {

    private static final String CURSORS =
            "{\"audit\":{\"segment\":1,\"offset\":2},\"mail\":{\"segment\":3,\"offset\":4}}";

    @Test
    void listShowsWhereEachCursorStandsAndHowFarItIsBehind() {
        useServer(CursorCommandsTest::threeSegments);

        assertThat(run("cursor", "list", "t").out())
                .isEqualTo(
                        """
                        CURSOR  SEGMENT  OFFSET  BEHIND
                        audit         1       2      18
                        mail          3       4       1
                        """);
        assertThat(run("cursor", "list", "t", "-o", "json").out()).isEqualTo(CURSORS + "\n");
    }

    @Test
    void listOfNoneIsNoFailure() {
        useServer(request -> new Reply.Json("{}"));

        CliRun run = run("cursor", "list", "t");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("no named cursor");
    }

    @Test
    void commitMovesToAPlaceOrToTheEnd() {
        useServer(CursorCommandsTest::threeSegments);

        assertThat(run("cursor", "commit", "t", "mail", "2:7").err()).isEqualTo("OK 2:7\n");
        assertThat(run("cursor", "seek", "t", "mail", "end").err()).isEqualTo("OK 3:5\n");
        assertThat(server.received())
                .contains(
                        new Command.Commit("t", "mail", 2, 7),
                        new Command.Commit("t", "mail", 3, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seek t mail -1h", "seek t mail -10m --back"})
    void aTimeAgoIsAPlaceThoughItBeginsLikeAnOption(String line) {
        useServer(
                request ->
                        request instanceof Command.PlaceAt
                                ? new Reply.Place(2, 6)
                                : threeSegments(request));

        assertThat(run(("cursor " + line).split(" ")).err()).isEqualTo("OK 2:6\n");
    }

    @Test
    void anUnknownOptionIsNoPlace() {
        CliRun run = run("cursor", "seek", "t", "mail", "1:0", "--bak");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--bak");
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit", "seek"})
    void whatIsTypedWronglyIsToldOfTheCommandThatWasTyped(String name) {
        CliRun run = run("cursor", name, "t", "mail", "soon");

        assertThat(run.err()).contains("Try 'walrus cursor " + name + " --help'");
        assertThat(run("cursor", name, "--help").out())
                .contains("Usage: walrus cursor " + name)
                .contains("--back");
    }

    @Test
    void backMovesFromWhereTheCursorStandsSoThatNobodyIsOverruled() {
        useServer(CursorCommandsTest::threeSegments);

        assertThat(run("cursor", "seek", "t", "mail", "1:2", "--back").err()).isEqualTo("OK 1:2\n");
        assertThat(server.received()).contains(new Command.Seek("t", "mail", 3, 4, 1, 2));
    }

    @Test
    void aCursorThatIsNotThereIsNotMovedBack() {
        useServer(CursorCommandsTest::threeSegments);

        CliRun run = run("cursor", "seek", "t", "nobody", "1:2", "--back");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("t has no cursor nobody").contains("cursor list");
        assertThat(server.received()).noneMatch(request -> request instanceof Command.Seek);
    }

    @Test
    void goingBackIsRefusedInTheServersWords() {
        useServer(
                request ->
                        request instanceof Command.Commit
                                ? new Reply.Err(
                                        ErrorCode.CURSOR_BACK,
                                        "no commit (SEEK moves it back): mail stands at 3:4")
                                : threeSegments(request));

        CliRun run = run("cursor", "commit", "t", "mail", "beginning");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("ERR CURSOR_BACK no commit (cursor seek --back moves it back)");
    }

    @Test
    void aTopicIsDeletedOnlyIfThatIsMeant() {
        useServer(request -> Reply.ok());

        CliRun careless = run("topic", "delete", "a", "b");
        assertThat(careless.exitCode()).isEqualTo(2);
        assertThat(careless.err()).contains("every entry of a, b for good");
        assertThat(server.received()).isEmpty();

        assertThat(run("topic", "delete", "a", "b", "--yes").exitCode()).isZero();
        assertThat(server.received())
                .containsExactly(new Command.Delete("a"), new Command.Delete("b"));
    }

    @Test
    void deletingAnUnknownTopicDoesNotAdviseToCreateItAndTellsWhatIsGone() {
        useServer(
                request ->
                        request.equals(new Command.Delete("a"))
                                ? Reply.ok()
                                : new Reply.Err(
                                        ErrorCode.NO_TOPIC,
                                        "unknown topic b; create it with REGISTER"));

        CliRun run = run("topic", "delete", "a", "b", "c", "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines())
                .containsExactly(
                        "walrus: ERR NO_TOPIC unknown topic b; 'walrus topic list' shows those"
                                + " there are; deleted: a");
        assertThat(server.received()).hasSize(2);
    }

    @Test
    void aServerThatDoesNotServeAVerbIsToldSo() {
        useServer(request -> new Reply.Err(ErrorCode.UNSUPPORTED, "CURSORS is not served here"));

        CliRun run = run("cursor", "list", "t");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines())
                .containsExactly("walrus: ERR UNSUPPORTED CURSORS is not served here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cursor",
                "cursor list a/b",
                "cursor commit t",
                "cursor commit t a/b 1:0",
                "cursor commit t c 0:1",
                "cursor commit t c soon",
                "topic delete"
            })
    void wrongUsageIsToldBeforeAnythingIsSent(String arguments) {
        assertThat(CliRun.of(arguments.split(" ")).exitCode()).isEqualTo(2);
    }

    /** Sealed segments of 10 and 5 entries, and an open one with 5. */
    private static Reply threeSegments(Request request) {
        if (request instanceof Command.Cursors) {
            return new Reply.Json(CURSORS);
        }
        if (request instanceof Command.Commit || request instanceof Command.Seek) {
            return Reply.ok();
        }
        if (request instanceof Command.Fetch fetch) {
            return fetch.offset() < 5
                    ? new Reply.Fetched(fetch.offset() + 1, Buffer.buffer("x"))
                    : Reply.empty();
        }
        return new Reply.Json("{\"current_segment\":3,\"sealed_segments\":{\"1\":10,\"2\":5}}");
    }
}
