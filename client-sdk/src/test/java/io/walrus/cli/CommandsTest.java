package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import io.walrus.scripted.ScriptedLog;
import io.walrus.scripted.ScriptedServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandsTest {

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedLog log = new ScriptedLog();
    private ScriptedServer server = ScriptedServer.answering(vertx, log);

    @TempDir private Path directory;

    @AfterEach
    void closeVertx() {
        ScriptedServer.await(vertx.close());
    }

    @Test
    void registerCreatesTheTopicAndKeepsStandardOutputClean() {
        CliRun run = run("register", "t");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("OK\n");
        assertThat(server.received()).containsExactly(new Command.Register("t"));
    }

    @Test
    void putSendsItsArgumentAsUtf8() {
        log.with("t");

        assertThat(run("put", "t", "Gr\u00fc\u00dfe \u2603").exitCode()).isZero();
        assertThat(log.entries("t")).containsExactly(Buffer.buffer("Gr\u00fc\u00dfe \u2603"));
    }

    @Test
    void anEntryMayBeginWithAnAtSignAndAFileOfThatNameIsNotRead() throws IOException {
        log.with("t");
        String data = "@" + Files.writeString(directory.resolve("arguments"), "from the file");

        assertThat(run("put", "t", data).exitCode()).isZero();
        assertThat(log.entries("t")).containsExactly(Buffer.buffer(data));
    }

    @Test
    void putToAnUnknownTopicSaysWhatTheServerSaidAndExitsWithOne() {
        CliRun run = run("put", "nope", "x");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines())
                .containsExactly(
                        "walrus: ERR NO_TOPIC unknown topic nope; create it with the command register nope");
    }

    @Test
    void getPrintsTheEntryByteForByteAndANewline() {
        log.with("t", "one\r", "two");

        assertThat(run("get", "t").out()).isEqualTo("one\r\n");
        assertThat(run("get", "t").out()).isEqualTo("two\n");
    }

    @Test
    void getOfAnEmptyTopicPrintsNothingAndIsNoFailure() {
        log.with("t");

        CliRun run = run("get", "t");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("EMPTY: t");
    }

    @Test
    void getOfManyStopsWhereTheTopicEnds() {
        log.with("t", "1", "2", "3");

        CliRun run = run("get", "t", "-n", "100");

        assertThat(run.out()).isEqualTo("1\n2\n3\n");
        assertThat(run.err()).contains("after 3");
    }

    @Test
    void getOfTwoTakesNoThird() {
        log.with("t", "1", "2", "3");

        assertThat(run("get", "t", "-n", "2").out()).isEqualTo("1\n2\n");
        assertThat(run("get", "t").out()).isEqualTo("3\n");
    }

    @Test
    void entriesTakenBeforeAnErrorAreStillPrinted() {
        List<Request> gets = new ArrayList<>();
        useServer(
                request -> {
                    gets.add(request);
                    return gets.size() == 3
                            ? new Reply.Err(ErrorCode.DAMAGED, "entry 2 fails its checksum")
                            : new Reply.OkPayload(Buffer.buffer("e" + gets.size()));
                });

        CliRun run = run("get", "t", "-n", "4");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("e1\ne2\ne4\n");
        assertThat(run.err()).contains("ERR DAMAGED");
    }

    @Test
    void followWaitsByPollingWhereTheServerCannotWait() {
        log.with("t", "1");
        List<Request> polls = new ArrayList<>();
        useServer(
                request -> {
                    polls.add(request);
                    if (polls.size() == 6) {
                        log.apply(new Command.Put("t", Buffer.buffer("2")));
                    }
                    return log.apply(request);
                });

        CliRun run = run("get", "t", "--follow", "-n", "2");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("1\n2\n");
        assertThat(polls).contains(new Command.Wait("t", 0, 0, 5_000));
    }

    @Test
    void followLetsTheServerWaitWhereItCan() {
        log.with("t");
        useServer(
                request -> {
                    if (request instanceof Command.Wait) {
                        log.apply(new Command.Put("t", Buffer.buffer("late")));
                        return Reply.ok();
                    }
                    return log.apply(request);
                });

        assertThat(run("get", "t", "--follow", "-n", "1").out()).isEqualTo("late\n");
    }

    @Test
    void followEndsWhenItWasIdleForLongEnough() {
        log.with("t", "1");

        CliRun run = run("get", "t", "--follow", "--until-idle", "30ms");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("1\n");
    }

    @Test
    void stateAndMetricsPrintTheJsonAsItCame() {
        log.with("t");

        assertThat(run("state", "t").out()).isEqualTo("{\"current_segment\": 1}\n");
        assertThat(run("metrics").out()).isEqualTo("{\"id\": 1}\n");
        assertThat(run("metrics").err()).isEmpty();
    }

    @Test
    void fetchReadsByPlace() {
        log.with("t", "zero", "one");

        assertThat(run("fetch", "t", "1", "1").out()).isEqualTo("one\n");
        assertThat(run("fetch", "t", "1", "1").err()).isEqualTo("next offset: 2\n");
        assertThat(run("fetch", "t", "1", "2").out()).isEmpty();
        assertThat(run("fetch", "t", "1", "2").exitCode()).isZero();
    }

    @Test
    void linesOfStandardInputBecomeEntriesByteForByte() {
        log.with("t");

        CliRun run =
                new CliRun()
                        .input("a\r\n\n \u00ff\0b\nlast without newline")
                        .run(at("put", "t", "-"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("4 of 4 lines acknowledged\n");
        assertThat(log.entries("t"))
                .containsExactly(
                        latin("a\r"),
                        latin(""),
                        latin(" \u00ff\0b"),
                        latin("last without newline"));
    }

    @Test
    void emptyInputPutsNothing() {
        log.with("t");

        assertThat(new CliRun().run(at("put", "t", "-")).err())
                .isEqualTo("0 of 0 lines acknowledged\n");
        assertThat(log.entries("t")).isEmpty();
    }

    @Test
    void manyLinesKeepTheirOrder() throws IOException {
        log.with("t");
        Path file = directory.resolve("lines");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("line ").append(i).append('\n');
        }
        Files.writeString(file, lines);

        CliRun run = run("put", "t", "--file", file.toString());

        assertThat(run.err()).isEqualTo("20000 of 20000 lines acknowledged\n");
        assertThat(log.entries("t")).hasSize(20_000);
        assertThat(log.entries("t").get(12_345)).isEqualTo(Buffer.buffer("line 12345"));
    }

    @Test
    void refusedLineIsNamedAndTheOthersAreCounted() {
        List<Request> puts = new ArrayList<>();
        useServer(
                request -> {
                    puts.add(request);
                    return puts.size() == 3
                            ? new Reply.Err(ErrorCode.STORAGE_FULL, "no space")
                            : Reply.ok();
                });

        CliRun run = new CliRun().input("1\n2\n3\n").run(at("put", "t", "-"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "walrus: 2 of 3 lines acknowledged; line 3: ERR STORAGE_FULL no space\n");
    }

    @Test
    void lostConnectionSaysHowManyLinesMayBeWritten() {
        List<Request> puts = new ArrayList<>();
        server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> {
                            puts.add(request);
                            if (puts.size() == 3) {
                                conversation.close();
                            } else if (puts.size() < 3) {
                                conversation.reply(Reply.ok());
                            }
                        });

        CliRun run = new CliRun().input("1\n2\n3\n").run(at("put", "t", "-"));

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains(
                        "2 of 3 lines acknowledged, 1 may or may not be written; line 3: PUT t (1 bytes)");
    }

    @Test
    void lineOverTheLimitIsNamedAndNotSent() {
        log.with("t");

        CliRun run =
                new CliRun()
                        .input("ok\n" + "x".repeat((1 << 20) + 100_000))
                        .run(at("put", "t", "-"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("line 2").contains("1 of 1 lines acknowledged");
        assertThat(log.entries("t")).hasSize(1);
    }

    @Test
    void inputThatBreaksSaysWhatWasDone() {
        log.with("t");

        CliRun run = new CliRun().input(CliRun.breakingAfter("one\ntw")).run(at("put", "t", "-"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("cannot read standard input: pulled out");
    }

    @Test
    void missingFileIsAUsageErrorInOneLine() {
        CliRun run = run("put", "t", "--file", directory.resolve("none").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines()).singleElement().asString().startsWith("walrus: no such file: ");
    }

    @Test
    void serverThatIsNotThereIsExitCodeThree() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        CliRun run = CliRun.of("get", "t", "--addr", "127.0.0.1:" + port);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.errLines())
                .singleElement()
                .asString()
                .isEqualTo(
                        "walrus: cannot connect to 127.0.0.1:"
                                + port
                                + ": Connection refused; is a node running there?");
    }

    @Test
    void serverThatIsSilentIsExitCodeThree() {
        server = ScriptedServer.start(vertx, (conversation, request) -> {});

        CliRun run = run("put", "t", "x", "--timeout", "150ms");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("no reply in time").contains("may have happened");
    }

    @Test
    void serverThatSpeaksSomethingElseIsToldInOneLine() {
        server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) ->
                                conversation.raw(
                                        Buffer.buffer().appendIntLE(5).appendString("HTTP!")));

        CliRun run = run("register", "t");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().contains("'HTTP!'");
    }

    @Test
    void addressMayStandBeforeTheCommandToo() {
        assertThat(CliRun.of("--addr", server.address(), "register", "t").exitCode()).isZero();
        assertThat(
                        CliRun.of("--addr", "127.0.0.1:1," + server.address(), "register", "t")
                                .exitCode())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "regster t",
                "--nope",
                "put",
                "put t",
                "put t x --file f",
                "put t x y",
                "get",
                "get t -n 0",
                "get t -n x",
                "get t --until-idle 1s",
                "get ../t",
                "fetch t",
                "fetch t 0 0",
                "fetch t 1 -1",
                "fetch t one 0",
                "state",
                "metrics t",
                "get t --timeout soon",
                "get t --addr host:http",
                "get t --addr",
                "get t --fllow"
            })
    void wrongUsageIsOneClearLineAndAHint(String arguments) {
        CliRun run = CliRun.of(arguments.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).hasSize(2);
        assertThat(run.errLines().get(0)).startsWith("walrus: ");
        assertThat(run.errLines().get(1)).startsWith("Try 'walrus").endsWith("for how it is used.");
    }

    @Test
    void linesThatAreHereAlreadyShareARequest() {
        List<Integer> sizes = new ArrayList<>();
        useServer(
                request -> {
                    sizes.add(
                            request instanceof Command.AppendBatch batch
                                    ? batch.entries().size()
                                    : 1);
                    return request instanceof Command.Put ? Reply.ok() : new Reply.Place(1, 0);
                });

        CliRun run =
                new CliRun().input("a\n\nc\nd\ne\nf\ng").run(at("put", "t", "-", "--batch", "3"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("7 of 7 lines acknowledged\n");
        assertThat(sizes).containsExactly(3, 3, 1);
        assertThat(((Command.AppendBatch) server.received().get(0)).entries())
                .containsExactly(latin("a"), latin(""), latin("c"));
    }

    @Test
    void aBatchStaysBelowTheFrameLimit() {
        useServer(request -> request instanceof Command.Put ? Reply.ok() : new Reply.Place(1, 0));
        String line = "x".repeat(200_000) + "\n";

        CliRun run = new CliRun().input(line.repeat(5)).run(at("put", "t", "-", "--batch", "2000"));

        assertThat(run.err()).isEqualTo("5 of 5 lines acknowledged\n");
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void aRefusedBatchNamesItsFirstLineAndCountsNoneOfIt() {
        useServer(
                request ->
                        ((Command.AppendBatch) request).entries().contains(latin("bad"))
                                ? new Reply.Err(ErrorCode.STORAGE_FULL, "disk full")
                                : new Reply.Place(1, 0));

        CliRun run = new CliRun().input("a\nb\nc\nbad\n").run(at("put", "t", "-", "--batch", "2"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("2 of 4 lines acknowledged; line 3: ERR STORAGE_FULL");
    }

    @Test
    void batchAndRateAreForLines() {
        assertThat(CliRun.of("put", "t", "data", "--batch", "2").exitCode()).isEqualTo(2);
        assertThat(CliRun.of("put", "t", "-", "--batch", "2001").exitCode()).isEqualTo(2);
        assertThat(CliRun.of("put", "t", "-", "--rate", "0").exitCode()).isEqualTo(2);
        log.with("t");
        assertThat(
                        new CliRun()
                                .input("a\nb\n")
                                .run(at("put", "t", "-", "--rate", "1000"))
                                .exitCode())
                .isZero();
        assertThat(log.entries("t")).hasSize(2);
    }

    @Test
    void misspeltCommandGetsASuggestion() {
        assertThat(CliRun.of("regster", "t").errLines().get(0))
                .contains("regster")
                .contains("register");
    }

    @Test
    void helpGoesToStandardOutputWithoutColour() {
        CliRun run = CliRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("register")
                .contains("--addr")
                .contains("Exit codes:")
                .doesNotContain("\u001b");
        assertThat(run.err()).isEmpty();
        assertThat(CliRun.of("help").out()).isEqualTo(run.out());
        assertThat(CliRun.of("help", "put").out()).isEqualTo(CliRun.of("put", "--help").out());
        assertThat(CliRun.of("put", "--help").out()).contains("--file").contains("standard input");
        assertThat(new CliRun().coloured().run("--help").out()).contains("\u001b");
    }

    @Test
    void completionIsAScriptThatBashCanReadAndKnowsTheCommands() throws Exception {
        CliRun run = CliRun.of("completion", "bash");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("complete -F").contains("describe").contains("--until-idle");
        Path script = Files.writeString(directory.resolve("walrus.bash"), run.out());
        assertThat(new ProcessBuilder("bash", "-n", script.toString()).start().waitFor()).isZero();
        assertThat(CliRun.of("completion", "fish").exitCode()).isEqualTo(2);
    }

    @Test
    void theTokenOfAFileIsShownFirst() throws IOException {
        useServer(request -> Reply.ok());
        Path file = Files.writeString(directory.resolve("token"), "secret-of-mine\n");

        CliRun run = run("register", "t", "--token-file", file.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(server.received())
                .containsExactly(new Command.Auth("secret-of-mine"), new Command.Register("t"));
    }

    @Test
    void aServerThatWantsATokenIsToldInTheWordsOfTheCommandLine() {
        useServer(
                request ->
                        new Reply.Err(
                                ErrorCode.UNAUTHORIZED,
                                "this node wants a token that it knows; send AUTH <token> first"));

        CliRun run = run("register", "t");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("ERR UNAUTHORIZED this node wants a token")
                .contains("give it with --token-file FILE")
                .doesNotContain("AUTH <token>");
    }

    @Test
    void aNodeThatHoldsTheOnlyCopyIsGivenUpByCommandsAndNotByVerbs() {
        useServer(
                request ->
                        new Reply.Err(
                                ErrorCode.ONLY_COPY,
                                "start it to read them, or REMOVE 2 force gives them up; LEAVE force leaves all the same"));

        assertThat(run("register", "t").err())
                .contains("or node remove 2 --force gives them up")
                .contains("node leave --force leaves all the same");
    }

    @Test
    void aTokenFileThatHoldsNoneIsToldBeforeAnythingIsSent() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        for (Path file : List.of(empty, directory.resolve("missing"))) {
            CliRun run = run("register", "t", "--token-file", file.toString());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.errLines()).hasSize(1);
            assertThat(run.err()).contains("--token-file " + file).doesNotContain("Exception");
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void anEntryOfSeveralWordsWantsQuotes() {
        CliRun run = CliRun.of("put", "t", "two", "words");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("quote an entry of several words: put TOPIC 'two words'");
        assertThat(CliRun.of("put", "t", "one", "--bach", "2").err())
                .contains("--batch")
                .doesNotContain("quote");
    }

    @Test
    void versionIsOneLine() {
        assertThat(CliRun.of("--version").out()).startsWith("walrus ").hasLineCount(1);
    }

    @Test
    void othersMayAddTheirCommands() {
        CliRun run = new CliRun().with(new Hello()).run("hello");

        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(new CliRun().with(new Hello()).run("--help").out()).contains("says hello");
    }

    @CommandLine.Command(name = "hello", description = "says hello")
    static final class Hello implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() {
            return 7;
        }
    }

    private CliRun run(String... arguments) {
        return new CliRun().run(at(arguments));
    }

    private String[] at(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--addr");
        all.add(server.address());
        return all.toArray(String[]::new);
    }

    private void useServer(Function<Request, Reply> answer) {
        server = ScriptedServer.answering(vertx, answer);
    }

    private static Buffer latin(String text) {
        return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
