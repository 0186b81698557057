package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The metadata port: who may speak on it, and what becomes of a call when the other side does not.
 */
final class PortTest {

    /** For what is to come: a busy machine makes a test slow, and never red. */
    private static final int WAIT_MILLIS = 60_000;

    private final Vertx vertx = Vertx.vertx();
    private final List<Duty> duties = new ArrayList<>();
    private final List<MemberPort> ports = new ArrayList<>();
    private final Map<String, MemberPolicy.Standing> standings = new ConcurrentHashMap<>();
    private MemberPort server;
    private String address;

    @BeforeEach
    void open() {
        server = port("one", "c", "secret");
        server.handle("echo", call -> call.reply("echo", call.body()));
        server.handle("silent", call -> {});
        server.handle("broken", call -> call.fail("no luck"));
        server.handle(PortNames.CLUSTER, call -> call.reply("cluster", new byte[] {1}));
        address = "127.0.0.1:" + Members.await(server.listen("127.0.0.1", 0).toCompletionStage());
    }

    @AfterEach
    void close() throws InterruptedException {
        ports.forEach(port -> Members.await(port.close().toCompletionStage()));
        for (Duty duty : duties) {
            duty.close();
        }
        Members.await(vertx.close().toCompletionStage());
    }

    @Test
    void memberGetsItsAnswersInAnyNumber() throws Exception {
        MemberPort client = port("two", "c", "secret");
        List<CompletableFuture<PortFrame>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(client.call(address, "echo", bytes("call " + i), WAIT_MILLIS));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(answers.get(i).get().text()).isEqualTo("call " + i);
        }
    }

    @Test
    void bigMessagePasses() throws Exception {
        byte[] big = new byte[3 << 20];
        big[big.length - 1] = 7;
        PortFrame answer = port("two", "c", "secret").call(address, "echo", big, WAIT_MILLIS).get();
        assertThat(answer.body()).isEqualTo(big);
    }

    /** The side that is called speaks first, and may do so before the caller's thread looks. */
    @Test
    void whatIsSaidFirstIsHeardOnEveryConnection() throws Exception {
        // A few at a time: on a busy machine all at once take longer than a hello may take.
        for (int round = 0; round < 20; round++) {
            List<CompletableFuture<PortFrame>> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                MemberPort client = port("two", "c", "secret");
                answers.add(client.call(address, "echo", bytes("call " + i), WAIT_MILLIS));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(answers.get(i).get().text()).isEqualTo("call " + i);
            }
        }
    }

    /**
     * A link may be about to connect while its port closes: it is told, and the log has no trace.
     */
    @Test
    void whoConnectsBehindTheCloseIsToldThatItFailed() throws Exception {
        MemberPort closed = port("two", "c", "secret");
        Members.await(closed.close().toCompletionStage());
        var told = new CompletableFuture<AsyncResult<NetSocket>>();

        closed.connect(1, "127.0.0.1", told::complete);

        assertThat(told.get(WAIT_MILLIS, TimeUnit.MILLISECONDS).failed()).isTrue();
    }

    @Test
    void wrongSecretIsRefusedBeforeAnythingIsHeard() {
        assertFails(port("two", "c", "other"), "echo", PortException.Kind.NOT_SENT, "secret");
    }

    @Test
    void memberOfAnotherClusterIsRefused() {
        standings.put("two", MemberPolicy.Standing.STRANGER);
        assertFails(port("two", "d", "secret"), "echo", PortException.Kind.NOT_SENT, "cluster");
    }

    @Test
    void guestMayOnlyAskToBeLetIn() throws Exception {
        standings.put("two", MemberPolicy.Standing.GUEST);
        MemberPort guest = port("two", "", "secret");
        assertFails(guest, "echo", PortException.Kind.FAILED, "only members");
        assertThat(guest.call(address, PortNames.CLUSTER, new byte[0], WAIT_MILLIS).get().body())
                .hasSize(1);
    }

    @Test
    void memberThatWasReplacedLosesItsVoiceOnAnOpenConnection() throws Exception {
        MemberPort client = port("two", "c", "secret");
        client.call(address, "echo", bytes("x"), WAIT_MILLIS).get();
        standings.put("two", MemberPolicy.Standing.GUEST);
        assertFails(client, "echo", PortException.Kind.FAILED, "only members");
    }

    @Test
    void callerChecksWhoAnswersToo() {
        standings.put("one", MemberPolicy.Standing.GUEST);
        assertFails(port("two", "c", "secret"), "echo", PortException.Kind.NOT_SENT, "no member");
    }

    @Test
    void callWithoutAnswerMayHaveHappened() throws Exception {
        MemberPort client = port("two", "c", "secret");
        client.call(address, "echo", bytes("the connection is there"), WAIT_MILLIS).get();
        assertThatThrownBy(() -> client.call(address, "silent", bytes("x"), 100).get())
                .cause()
                .isInstanceOfSatisfying(
                        PortException.class,
                        failure -> assertThat(failure.mayHaveHappened()).isTrue());
    }

    @Test
    void failureAndUnknownNameAreAnswers() {
        MemberPort client = port("two", "c", "secret");
        assertFails(client, "broken", PortException.Kind.FAILED, "no luck");
        assertFails(client, "never heard", PortException.Kind.FAILED, "nobody here");
    }

    @Test
    void nobodyThereMeansNotSentAndComesBackWhenSomebodyIs() throws Exception {
        MemberPort client = port("two", "c", "secret");
        Members.await(server.close().toCompletionStage());
        assertFails(client, "echo", PortException.Kind.NOT_SENT, "");
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        MemberPort again = port("one", "c", "secret");
        again.handle("echo", call -> call.reply("echo", call.body()));
        Members.await(again.listen("127.0.0.1", port).toCompletionStage());
        Members.eventually(() -> answers(client));
    }

    @Test
    void oversizeLengthClosesTheConnectionBeforeAnythingIsAllocated() throws IOException {
        assertThat(refusalOf(new byte[] {0x7f, 0, 0, 0, 1, 2, 3})).contains("expected a message");
    }

    @Test
    void helloWithoutAProofIsRefusedInWords() throws IOException {
        String hello =
                "{\"v\":1,\"hello\":{\"clusterId\":\"c\",\"nodeId\":2,\"storeId\":\"s\","
                        + "\"challenge\":\"x\",\"proof\":null}}";
        var frame = new PortFrame(PortFrame.REQUEST, 1, PortNames.HELLO, bytes(hello));
        assertThat(refusalOf(frame.encoded().getBytes())).contains("not understood", "proof");
    }

    /** What the port says to somebody who says that first, before it closes the connection. */
    private String refusalOf(byte[] said) throws IOException {
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(WAIT_MILLIS);
            socket.getOutputStream().write(said);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.skipNBytes(in.readInt());
            byte[] refusal = new byte[in.readInt()];
            in.readFully(refusal);
            assertThat(refusal[0]).isEqualTo(PortFrame.FAILURE);
            assertThat(in.read()).isEqualTo(-1);
            return new String(refusal, StandardCharsets.US_ASCII);
        }
    }

    @Test
    void framesComeOutWholeHoweverTheyAreCut() {
        Buffer bytes = Buffer.buffer();
        for (int i = 0; i < 10; i++) {
            bytes.appendBuffer(
                    new PortFrame(PortFrame.REPLY, i, "name" + i, new byte[i]).encoded());
        }
        for (int chunk : new int[] {1, 3, 7, 1000}) {
            PortFrame.Parser parser = new PortFrame.Parser();
            List<PortFrame> frames = new ArrayList<>();
            for (int at = 0; at < bytes.length(); at += chunk) {
                parser.add(bytes.getBuffer(at, Math.min(bytes.length(), at + chunk)));
                PortFrame next = parser.next(1000);
                while (next != null) {
                    frames.add(next);
                    next = parser.next(1000);
                }
            }
            assertThat(frames).hasSize(10);
            assertThat(frames.get(9).name()).isEqualTo("name9");
            assertThat(frames.get(9).body()).hasSize(9);
        }
        PortFrame.Parser parser = new PortFrame.Parser();
        parser.add(Buffer.buffer().appendInt(2000));
        assertThatThrownBy(() -> parser.next(1000)).hasMessageContaining("2000");
    }

    @Test
    void proofOfOneSideIsNoneOfTheOtherAndOfNoOtherChallenge() {
        Hello.Self self = new Hello.Self("c", 1, "s");
        Hello hello = Hello.from(Hello.Side.CALLER, self, "mine", "theirs", "secret");
        assertThat(hello.isProved(Hello.Side.CALLER, "theirs", "secret")).isTrue();
        assertThat(hello.isProved(Hello.Side.CALLED, "theirs", "secret")).isFalse();
        assertThat(hello.isProved(Hello.Side.CALLER, "another", "secret")).isFalse();
        assertThat(hello.isProved(Hello.Side.CALLER, "theirs", "guess")).isFalse();
        Hello forged = new Hello("c", 2, "s", hello.challenge(), hello.proof());
        assertThat(forged.isProved(Hello.Side.CALLER, "theirs", "secret")).isFalse();
    }

    private boolean answers(MemberPort client) throws InterruptedException {
        try {
            client.call(address, "echo", bytes("x"), 1_000).get();
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    private void assertFails(MemberPort client, String name, PortException.Kind kind, String says) {
        assertThatThrownBy(() -> client.call(address, name, bytes("x"), WAIT_MILLIS).get())
                .cause()
                .isInstanceOfSatisfying(
                        PortException.class,
                        failure -> {
                            assertThat(failure.kind()).isEqualTo(kind);
                            assertThat(failure.getMessage()).contains(says);
                        });
    }

    private MemberPort port(String storeId, String clusterId, String secret) {
        Duty duty = new Duty(ports.size() + 1);
        duties.add(duty);
        MemberPolicy policy =
                new MemberPolicy() {
                    @Override
                    public Hello.Self self() {
                        return new Hello.Self(clusterId, 1, storeId);
                    }

                    @Override
                    public Standing standing(Hello hello) {
                        return standings.getOrDefault(hello.storeId(), Standing.MEMBER);
                    }
                };
        MemberPort port =
                new MemberPort(vertx, policy, secret, duty.timer(), duty.work(), WAIT_MILLIS);
        ports.add(port);
        return port;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
