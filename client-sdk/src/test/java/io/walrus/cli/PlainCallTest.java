package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.walrus.fuzz.Corpus;
import io.walrus.protocol.CommandWriter;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.MalformedReplyException;
import io.walrus.protocol.Reply;
import io.walrus.protocol.ReplyParser;
import io.walrus.protocol.Verb;
import io.walrus.scripted.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain request does and says what the whole command line does and says, only sooner. */
class PlainCallTest extends CliAtServer {

    @Test
    void whatGoesWellIsToldAlike() {
        log.with("t");
        alike("register", "new");
        alike("put", "t", "Gr\u00fc\u00dfe \u2603");
        alike("put", "t", "");
        alike("state", "t");
        alike("metrics");
        log.with("same", "x\r", "x\r", "", "");
        alike("get", "same");
        alike("get", "same");
        alike("get", "same");
    }

    @Test
    void aRefusalIsToldAlike() {
        alike("put", "nowhere", "x");
        alike("get", "nowhere");
        useServer(request -> new Reply.Err(ErrorCode.STORAGE_FULL, "no space"));
        alike("put", "t", "x");
        alike("metrics");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP!", "OK", "OK and more", "EMPTY", "EMPTY ", "ERR", "{}", "[1]"})
    void whateverIsAnsweredIsToldAlike(String body) {
        server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) ->
                                conversation.raw(
                                        Buffer.buffer()
                                                .appendIntLE(body.length())
                                                .appendString(body)));
        alike("register", "t");
        alike("put", "t", "x");
        alike("get", "t");
        alike("state", "t");
        alike("metrics");
    }

    @Test
    void aConnectionThatIsClosedOrTornIsToldAlike() {
        server = ScriptedServer.start(vertx, (conversation, request) -> conversation.close());
        alike("put", "t", "x");
        alike("get", "t");
        alike("state", "t");
        server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) ->
                                conversation.raw(
                                        Buffer.buffer("HTTP/1.1 400 Bad Request\r\n\r\n")));
        alike("put", "t", "x");
    }

    @Test
    void anEntryLongerThanOneReadComesWhole() {
        log.with("t", "x".repeat(900_000), "x".repeat(900_000));
        alike("get", "t");
    }

    @Test
    void aSilentServerIsGivenUpAfterTenSeconds() {
        server = ScriptedServer.start(vertx, (conversation, request) -> {});
        var clock = new AtomicLong(-9_990_000_000L);
        CliStreams streams = CliRun.silentStreams();
        PlainRequest request =
                PlainRequest.of(
                        new String[] {"put", "t", "x", "--addr", server.address()},
                        StandardCharsets.UTF_8);
        var call =
                new PlainCall(
                        request, new EntryWriter(streams), () -> clock.addAndGet(9_990_000_000L));

        assertThat(call.run()).hasValue(ExitCode.UNREACHABLE);
    }

    @Test
    void aServerThatIsNotThereIsLeftToTheWholeCommandLine() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String[] arguments = {"--addr", "127.0.0.1:" + port, "put", "t", "x"};
        assertThat(WalrusCommandLine.runPlain(CliRun.silentStreams(), arguments)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "put",
                "put t",
                "put t -",
                "put t x y",
                "put t --file f",
                "put t x --batch 1",
                "put ../t x",
                "get t -n 2",
                "get t u",
                "metrics t",
                "topic list",
                "tail t",
                "--addr h:1 --addr h:1 put t x",
                "--addr h:1,h:2 put t x",
                "--addr h put t x",
                "--addr h:0 put t x",
                "--addr h:65536 put t x",
                "--addr h:123456 put t x",
                "--addr :1 put t x",
                "--addr [::1]:1 put t x",
                "--timeout 1s put t x",
                "put t x --addr"
            })
    void whatIsWrittenOtherwiseIsLeftToTheWholeCommandLine(String arguments) {
        assertThat(PlainRequest.of(arguments.split(" "), StandardCharsets.UTF_8)).isNull();
    }

    @Test
    void aLocaleThatMayHaveDamagedTheEntryIsLeftToTheWholeCommandLine() {
        String[] arguments = {"put", "t", "\ufffd"};
        assertThat(PlainRequest.of(arguments, StandardCharsets.US_ASCII)).isNull();
        assertThat(PlainRequest.of(arguments, StandardCharsets.UTF_8)).isNotNull();
    }

    @Test
    void theRequestIsTheOneThatTheClientWrites() {
        for (String arguments :
                List.of("put t x=y", "register t", "get a.b-c_1", "state t", "metrics")) {
            PlainRequest request = PlainRequest.of(arguments.split(" "), StandardCharsets.UTF_8);
            Buffer frame = Buffer.buffer();
            CommandWriter.append(frame, request.command());
            assertThat(Buffer.buffer(request.frame())).isEqualTo(frame);
        }
    }

    /** The first byte picks the request. */
    @Test
    void anyReplyIsReadAsTheClientReadsIt() {
        List<String> plain = List.of("put t x", "register t", "get t", "state t", "metrics");
        Corpus.of(Verb.class, "fuzz-replies")
                .feed(
                        input -> {
                            if (input.length > 1) {
                                int which = Byte.toUnsignedInt(input[0]) % plain.size();
                                isReadAlike(
                                        plain.get(which),
                                        Arrays.copyOfRange(input, 1, input.length));
                            }
                        });
    }

    private static void isReadAlike(String arguments, byte[] body) {
        PlainRequest request = PlainRequest.of(arguments.split(" "), StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        var call = new PlainCall(request, new EntryWriter(CliRun.streamsTo(out)), System::nanoTime);
        Reply reply;
        try {
            reply = ReplyParser.parse(request.verb(), Buffer.buffer(body), 0, body.length);
        } catch (MalformedReplyException malformed) {
            assertThatThrownBy(() -> call.tell(body)).isInstanceOf(CliFailure.class);
            return;
        }
        if (reply instanceof Reply.Err) {
            assertThatThrownBy(() -> call.tell(body)).isInstanceOf(CliFailure.class);
            return;
        }
        call.tell(body);
        if (reply instanceof Reply.OkPayload entry) {
            assertThat(Buffer.buffer(out.toByteArray()))
                    .isEqualTo(entry.payload().copy().appendString("\n"));
        } else if (reply instanceof Reply.Json) {
            assertThat(out.size()).isEqualTo(body.length + 1);
        } else {
            assertThat(out.size()).isZero();
        }
    }

    private void alike(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--addr", server.address()));
        all.addAll(Arrays.asList(arguments));
        CliRun whole = CliRun.of(all.toArray(String[]::new));
        Object request = server.received().get(server.received().size() - 1);
        CliRun plain = CliRun.plain(all.toArray(String[]::new));

        assertThat(plain.out()).isEqualTo(whole.out());
        assertThat(plain.err()).isEqualTo(whole.err());
        assertThat(plain.exitCode()).isEqualTo(whole.exitCode());
        assertThat(server.received().get(server.received().size() - 1)).isEqualTo(request);
    }
}
