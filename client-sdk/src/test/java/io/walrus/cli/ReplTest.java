package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.scripted.ScriptedLog;
import io.walrus.scripted.ScriptedServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplTest {

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedLog log = new ScriptedLog();
    private final ScriptedServer server = ScriptedServer.answering(vertx, log);

    @TempDir private Path directory;

    @AfterEach
    void closeVertx() {
        ScriptedServer.await(vertx.close());
    }

    @Test
    void linesOfAPipeAreCarriedOutInOrderOverOneConnection() {
        CliRun run = piped("register t\nput t hello world\nGET t\nstate t\nexit\nregister never\n");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("hello world\n{\"current_segment\": 1}\n");
        assertThat(run.err()).isEqualTo("OK\nOK\n");
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.received()).hasSize(4);
    }

    @Test
    void dataIsTheRestOfTheLineLessOnePairOfQuotes() {
        piped(
                """
                register t
                put t "two words"
                put t 'it''s'
                put t "
                put t -
                put t --file x
                put t   spaces
                put t ""
                put t \\n
                """);

        assertThat(log.entries("t"))
                .extracting(Buffer::toString)
                .containsExactly(
                        "two words", "it''s", "\"", "-", "--file x", "  spaces", "", "\\n");
    }

    @Test
    void bytesOfAPipePassAsTheyAre() {
        piped("register t\nput t \u00ff\u0001\u00c3(\r\n");

        assertThat(log.entries("t"))
                .containsExactly(
                        Buffer.buffer(
                                "\u00ff\u0001\u00c3(\r".getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void failedLineOfAPipeEndsNothingButDecidesTheExitCode() {
        CliRun run = piped("put nope x\nnonsense\nregister t\n\n");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("unknown topic nope").contains("nonsense").endsWith("OK\n");
    }

    @Test
    void putWithoutDataAndWithABadTopicAreUsageErrors() {
        assertThat(piped("put t\n").exitCode()).isEqualTo(2);
        assertThat(piped("put a/b x\n").err()).contains("'a/b'");
    }

    @Test
    void unreachableServerEndsAPipeAtOnce() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        CliRun run = new CliRun().input("get t\nget t\nget t\n").run("--addr", "127.0.0.1:" + port);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.errLines()).hasSize(1);
    }

    @Test
    void helpListsTheCommands() {
        assertThat(piped("help\n").err()).contains("register TOPIC").contains("exit");
    }

    @Test
    void wrongAddressIsAUsageErrorBeforeAnyPrompt() {
        CliRun run = new CliRun().run("--addr", "host:http");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("host:http");
    }

    @Test
    void dumbTerminalIsServedAndTheHistoryIsKept() throws IOException {
        Path history = directory.resolve("history");

        CliRun run =
                new CliRun()
                        .atTerminal(history)
                        .input("register t\nput t \"back\\slash !x\"\nbad\nget t\nexit\n")
                        .run("--addr", server.address());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).as(run.err()).isEqualTo("back\\slash !x\n");
        assertThat(Files.readString(history)).contains("register t").contains("get t");
    }

    @Test
    void endOfInputLeavesThePrompt() {
        assertThat(
                        new CliRun()
                                .atTerminal(directory.resolve("h"))
                                .input("")
                                .run("--addr", server.address())
                                .exitCode())
                .isZero();
    }

    @Test
    void lineIsTakenApartIntoWordsAndData() {
        assertThat(ReplLine.parse("  PUT  t  x y "))
                .isEqualTo(new ReplLine(List.of("put", "t", "x", "y"), " x y "));
        assertThat(ReplLine.parse("get T").data()).isNull();
        assertThat(ReplLine.parse("   ").isBlank()).isTrue();
        assertThat(ReplLine.parse("Quit").isExit()).isTrue();
    }

    private CliRun piped(String input) {
        return new CliRun().input(input).run("--addr", server.address());
    }
}
