package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import io.walrus.scripted.ScriptedServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpClientTest {

    private final Vertx vertx = Vertx.vertx();
    private final WalrusClientOptions options =
            new WalrusClientOptions()
                    .setStoredOnce(false)
                    .setReconnectPauseMillisMin(1)
                    .setReconnectPauseMillisMax(20);

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void everyVerbGivesItsValue() {
        WalrusClient client =
                client(
                        ScriptedServer.answering(
                                vertx,
                                request -> {
                                    if (request instanceof Command.Get) {
                                        return new Reply.OkPayload(Buffer.buffer("entry"));
                                    } else if (request instanceof Command.Fetch fetch) {
                                        return new Reply.Fetched(
                                                fetch.offset() + 1, Buffer.buffer("placed"));
                                    } else if (request instanceof Command.State) {
                                        return new Reply.Json("{\"current_segment\":3}");
                                    } else if (request instanceof Command.Metrics) {
                                        return new Reply.Json("{\"id\":1}");
                                    }
                                    return Reply.ok();
                                }));

        await(client.register("t"));
        await(client.put("t", Buffer.buffer("x")));
        assertThat(await(client.get("t"))).contains(Buffer.buffer("entry"));
        assertThat(await(client.fetch("t", 2, 7)))
                .contains(new Entry(2, 7, 8, Buffer.buffer("placed")));
        assertThat(await(client.state("t")).getInteger("current_segment")).isEqualTo(3);
        assertThat(await(client.metrics()).getInteger("id")).isEqualTo(1);
    }

    @Test
    void nothingThereIsAnEmptyOptional() {
        WalrusClient client = client(ScriptedServer.answering(vertx, request -> Reply.empty()));

        assertThat(await(client.get("t"))).isEmpty();
        assertThat(await(client.fetch("t", 1, 0))).isEmpty();
    }

    @Test
    void errBecomesATypedFailure() {
        WalrusClient client =
                client(ScriptedServer.answering(vertx, request -> Reply.Err.unknownTopic("t")));

        WalrusClientException failure = failureOf(client.put("t", Buffer.buffer("x")));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.errorCode()).contains(ErrorCode.NO_TOPIC);
        assertThat(failure).hasMessageContaining("unknown topic t");
        assertThat(failure.mayHaveHappened()).isFalse();
        assertThat(failure.mayRetry()).isFalse();
    }

    @Test
    void unknownOutcomeForbidsTheBlindRetryOfAPutButNotOfARegister() {
        WalrusClient client =
                client(
                        ScriptedServer.answering(
                                vertx, request -> new Reply.Err(ErrorCode.UNKNOWN, "lost")));

        assertThat(failureOf(client.put("t", Buffer.buffer("x"))))
                .matches(failure -> failure.mayHaveHappened() && !failure.mayRetry());
        assertThat(failureOf(client.register("t")))
                .matches(failure -> failure.mayHaveHappened() && failure.mayRetry());
        assertThat(failureOf(client.state("t")))
                .matches(failure -> !failure.mayHaveHappened() && failure.mayRetry());
    }

    @Test
    void pipelinedRepliesGoToTheirOwnRequests() {
        WalrusClient client =
                client(
                        ScriptedServer.answering(
                                vertx,
                                request ->
                                        new Reply.Fetched(
                                                0,
                                                Buffer.buffer(
                                                        "" + ((Command.Fetch) request).offset()))));

        List<Future<String>> futures = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            futures.add(
                    client.fetch("t", 1, i).map(entry -> entry.orElseThrow().payload().toString()));
        }
        for (int i = 0; i < futures.size(); i++) {
            assertThat(await(futures.get(i))).isEqualTo("" + i);
        }
    }

    @Test
    void callsOfOneTurnAreOneWrite() {
        ScriptedServer server = ScriptedServer.answering(vertx, request -> Reply.ok());
        WalrusClient client = client(server);
        await(client.register("t"));

        Promise<Void> done = Promise.promise();
        vertx.runOnContext(
                turn -> {
                    List<Future<Void>> puts = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        puts.add(client.put("t", Buffer.buffer("x")));
                    }
                    Future.all(puts).<Void>mapEmpty().onComplete(done);
                });

        await(done.future());
        assertThat(server.readSizes()).containsExactly(1, 50);
    }

    @Test
    void answersComeOnTheContextOfTheCaller() {
        WalrusClient client = client(ScriptedServer.answering(vertx, request -> Reply.ok()));
        List<Future<Void>> checks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Context context = vertx.getOrCreateContext();
            Promise<Void> check = Promise.promise();
            context.runOnContext(
                    turn -> {
                        Context here = Vertx.currentContext();
                        client.put("t", Buffer.buffer("x"))
                                .onComplete(
                                        ignored -> {
                                            if (Vertx.currentContext() == here) {
                                                check.complete();
                                            } else {
                                                check.fail("on " + Vertx.currentContext());
                                            }
                                        });
                    });
            checks.add(check.future());
        }

        await(Future.all(checks));
    }

    @Test
    void throwingHandlerDoesNotTakeTheOtherAnswersWithIt() {
        WalrusClient client = client(ScriptedServer.answering(vertx, request -> Reply.ok()));
        Promise<Void> other = Promise.promise();
        vertx.runOnContext(
                turn -> {
                    client.put("t", Buffer.buffer("x"))
                            .onComplete(
                                    ignored -> {
                                        throw new IllegalStateException("mine");
                                    });
                    client.put("t", Buffer.buffer("y")).onComplete(other);
                });

        await(other.future());
    }

    @Test
    void lostReplyFailsWhatWasInFlightAndSendsNothingTwice() {
        ScriptedServer server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> {
                            if (conversation.number() == 1) {
                                conversation.close();
                            } else {
                                conversation.reply(Reply.ok());
                            }
                        });
        WalrusClient client = client(server);

        WalrusClientException failure = failureOf(client.put("t", Buffer.buffer("first")));

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_LOST);
        assertThat(failure.mayHaveHappened()).isTrue();
        assertThat(failure.mayRetry()).isFalse();
        assertThat(failure)
                .hasMessageContaining("PUT t (5 bytes)")
                .hasMessageContaining(server.address());
        await(client.put("t", Buffer.buffer("second")));
        assertThat(server.received())
                .containsExactly(
                        new Command.Put("t", Buffer.buffer("first")),
                        new Command.Put("t", Buffer.buffer("second")));
    }

    @Test
    void lostReadMayBeRepeated() {
        WalrusClient client =
                client(
                        ScriptedServer.start(
                                vertx, (conversation, request) -> conversation.close()));

        assertThat(failureOf(client.fetch("t", 1, 0)))
                .matches(failure -> failure.mayRetry() && !failure.mayHaveHappened());
    }

    @Test
    void connectionThatEndsInTheMiddleOfAReplyIsALostReply() {
        WalrusClient client =
                client(
                        ScriptedServer.start(
                                vertx,
                                (conversation, request) -> {
                                    conversation.raw(
                                            Buffer.buffer().appendIntLE(10).appendString("OK pa"));
                                    conversation.close();
                                }));

        assertThat(failureOf(client.get("t")).kind()).isEqualTo(Kind.CONNECTION_LOST);
    }

    @Test
    void replyThatFitsNoRequestFailsItAndEndsTheConnection() {
        var requests = new AtomicInteger();
        ScriptedServer server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> {
                            if (conversation.number() > 1) {
                                conversation.raw(Buffer.buffer().appendIntLE(2).appendString("OK"));
                            } else if (requests.incrementAndGet() == 2) { // both are under way
                                conversation.raw(
                                        Buffer.buffer().appendIntLE(4).appendString("HTTP"));
                            }
                        });
        WalrusClient client = client(server);
        Future<Void> first = client.put("t", Buffer.buffer("1"));
        Future<Void> second = client.put("t", Buffer.buffer("2"));

        assertThat(failureOf(first).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failureOf(second).kind()).isEqualTo(Kind.CONNECTION_LOST);
        await(client.put("t", Buffer.buffer("3")));
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void replyLengthThatNoFrameMayHaveEndsTheConnection() {
        WalrusClient client =
                client(
                        ScriptedServer.start(
                                vertx,
                                (conversation, request) ->
                                        conversation.raw(Buffer.buffer().appendIntLE(0))));

        assertThat(failureOf(client.get("t")).kind()).isEqualTo(Kind.CONNECTION_LOST);
    }

    @Test
    void silentServerLeadsToATimeOutAndANewConnection() {
        ScriptedServer server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> {
                            if (conversation.number() > 1) {
                                conversation.reply(Reply.ok());
                            }
                        });
        options.setRequestTimeoutMillis(200);
        WalrusClient client = client(server);

        WalrusClientException failure = failureOf(client.put("t", Buffer.buffer("x")));

        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(failure.mayHaveHappened()).isTrue();
        await(client.put("t", Buffer.buffer("y")));
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void longWaitDoesNotDelayTheTimeOutOfWhatComesAfterIt() {
        WalrusClient client =
                client(
                        ScriptedServer.start(
                                vertx,
                                (conversation, request) -> {
                                    if (request instanceof Command.Wait) {
                                        conversation.reply(Reply.ok());
                                    }
                                }));
        options.setRequestTimeoutMillis(200);
        WalrusClient impatient = WalrusClient.create(vertx, options);

        assertThat(await(impatient.send(new Command.Wait("t", 1, 0, 60_000))))
                .isEqualTo(Reply.ok());

        assertThat(failureOf(impatient.put("t", Buffer.buffer("x"))).kind())
                .isEqualTo(Kind.TIMED_OUT);
        await(client.close());
    }

    @Test
    void waitMayTakeAsLongAsItAsksFor() {
        ScriptedServer server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) ->
                                vertx.setTimer(
                                        request instanceof Command.Wait ? 400 : 1,
                                        timer -> conversation.reply(Reply.ok())));
        options.setRequestTimeoutMillis(200);

        assertThat(await(client(server).send(new Command.Wait("t", 1, 0, 10_000))))
                .isEqualTo(Reply.ok());
    }

    @Test
    void firstReachableAddressIsUsed() throws IOException {
        ScriptedServer server = ScriptedServer.answering(vertx, request -> Reply.ok());
        options.setAddresses("127.0.0.1:" + closedPort() + ", " + server.address());

        await(WalrusClient.create(vertx, options).register("t"));

        assertThat(server.received()).containsExactly(new Command.Register("t"));
    }

    @Test
    void requestsWaitForAServerThatComesLater() throws IOException {
        int port = closedPort();
        options.setAddresses("127.0.0.1:" + port);
        WalrusClient client = WalrusClient.create(vertx, options);

        Future<Void> put = client.put("t", Buffer.buffer("x"));
        ScriptedServer.startAt(
                port, vertx, (conversation, request) -> conversation.reply(Reply.ok()));

        await(put);
    }

    @Test
    void boundedRoundsOfConnectingFailAsNotSent() throws IOException {
        int port = closedPort();
        options.setAddresses("127.0.0.1:" + port).setConnectRoundsMax(2);
        WalrusClient client = WalrusClient.create(vertx, options);

        WalrusClientException failure = failureOf(client.put("t", Buffer.buffer("x")));

        assertThat(failure.kind()).isEqualTo(Kind.CANNOT_CONNECT);
        assertThat(failure.mayRetry()).isTrue();
        assertThat(failure.mayHaveHappened()).isFalse();
        assertThat(failure)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("is a node running");
    }

    @Test
    void requestThatNeverGotAConnectionTimesOutAsNotSent() throws IOException {
        options.setAddresses("127.0.0.1:" + closedPort()).setRequestTimeoutMillis(150);

        WalrusClientException failure =
                failureOf(WalrusClient.create(vertx, options).put("t", Buffer.buffer("x")));

        assertThat(failure.kind()).isEqualTo(Kind.CANNOT_CONNECT);
        assertThat(failure.mayHaveHappened()).isFalse();
    }

    @Test
    void oneRequestTooManyFailsAtOnceAndRoomComesBack() {
        Queue<ScriptedServer.Conversation> held = new ConcurrentLinkedQueue<>();
        ScriptedServer server =
                ScriptedServer.start(vertx, (conversation, request) -> held.add(conversation));
        options.setPendingMax(3);
        WalrusClient client = client(server);
        List<Future<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            puts.add(client.put("t", Buffer.buffer("x")));
        }

        WalrusClientException failure = failureOf(client.put("t", Buffer.buffer("too many")));

        assertThat(failure.kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(failure.mayRetry()).isTrue();
        Awaitility.await().until(() -> held.size() == 3);
        held.forEach(conversation -> conversation.reply(Reply.ok()));
        await(Future.all(puts));
        Future<Void> next = client.put("t", Buffer.buffer("fits"));
        Awaitility.await().until(() -> held.size() == 4);
        held.peek().reply(Reply.ok());
        await(next);
    }

    @Test
    void noMoreThanTheInFlightLimitIsOnTheWire() {
        Queue<ScriptedServer.Conversation> held = new ConcurrentLinkedQueue<>();
        ScriptedServer server =
                ScriptedServer.start(vertx, (conversation, request) -> held.add(conversation));
        options.setInFlightMax(2);
        WalrusClient client = client(server);
        List<Future<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            puts.add(client.put("t", Buffer.buffer("x")));
        }
        for (int answered = 0; answered < 5; answered++) {
            int onTheWireMax = Math.min(5, answered + 2);
            Awaitility.await().until(() -> server.received().size() == onTheWireMax);
            held.poll().reply(Reply.ok());
        }

        await(Future.all(puts));
    }

    @Test
    void entryOverTheFrameLimitIsRefusedBeforeItIsSent() {
        ScriptedServer server = ScriptedServer.answering(vertx, request -> Reply.ok());
        options.setFrameBytesMax(1_000);
        WalrusClient client = client(server);

        assertThat(failureOf(client.put("t", Buffer.buffer(new byte[995]))).kind())
                .isEqualTo(Kind.INVALID);
        await(client.put("t", Buffer.buffer(new byte[994])));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void tokenIsTheFirstThingOnEveryConnection() {
        ScriptedServer server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> {
                            conversation.reply(Reply.ok());
                            if (request instanceof Command.Put) {
                                conversation.close();
                            }
                        });
        options.setToken("s3cret");
        WalrusClient client = client(server);

        await(client.put("t", Buffer.buffer("1")));
        Awaitility.await()
                .ignoreExceptions()
                .until(
                        () -> {
                            await(client.register("t"));
                            return true;
                        });

        assertThat(server.received().get(0)).isEqualTo(new Command.Auth("s3cret"));
        int register = server.received().indexOf(new Command.Register("t"));
        assertThat(server.received().get(register - 1)).isEqualTo(new Command.Auth("s3cret"));
    }

    @Test
    void closeLetsAcceptedRequestsFinishAndRefusesLaterOnes() {
        WalrusClient client =
                client(
                        ScriptedServer.start(
                                vertx,
                                (conversation, request) ->
                                        vertx.setTimer(
                                                50, timer -> conversation.reply(Reply.ok()))));
        Future<Void> put = client.put("t", Buffer.buffer("x"));

        Future<Void> closed = client.close();

        assertThat(failureOf(client.put("t", Buffer.buffer("late"))).kind()).isEqualTo(Kind.CLOSED);
        await(closed);
        assertThat(put.succeeded()).isTrue();
        await(client.close());
    }

    @Test
    void closeOfAClientThatNeverConnectedEnds() {
        await(WalrusClient.create(vertx, options).close());
    }

    @Test
    void illegalTopicThrowsAtTheCall() {
        WalrusClient client = WalrusClient.create(vertx, options);

        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> client.get("../x")))
                .hasMessageContaining("'../x'");
    }

    @Test
    void manyThreadsKeepTheirOwnOrder() throws InterruptedException {
        List<Request> received = new ArrayList<>();
        BiConsumer<ScriptedServer.Conversation, Request> script =
                (conversation, request) -> {
                    received.add(request);
                    conversation.reply(Reply.ok());
                };
        WalrusClient client = client(ScriptedServer.start(vertx, script));
        Queue<Future<Void>> puts = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String topic = "t" + t;
            threads.add(
                    new Thread(
                            () -> {
                                for (int i = 0; i < 2_000; i++) {
                                    puts.add(client.put(topic, Buffer.buffer("" + i)));
                                }
                            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        await(Future.all(new ArrayList<>(puts)));

        for (int t = 0; t < 4; t++) {
            String topic = "t" + t;
            List<String> order =
                    received.stream()
                            .map(Command.Put.class::cast)
                            .filter(put -> put.topic().equals(topic))
                            .map(put -> put.payload().toString())
                            .toList();
            assertThat(order)
                    .hasSize(2_000)
                    .isSortedAccordingTo(
                            (a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
        }
    }

    private WalrusClient client(ScriptedServer server) {
        return WalrusClient.create(vertx, options.setAddresses(server.address()));
    }

    private static WalrusClientException failureOf(Future<?> future) {
        return catchThrowableOfType(WalrusClientException.class, () -> await(future));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
