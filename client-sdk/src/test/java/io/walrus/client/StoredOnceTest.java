package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import io.walrus.scripted.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the client does with an append that gets no answer, or the answer of a wrong segment. */
class StoredOnceTest {

    private static final Reply.Err NO_LEADER = new Reply.Err(ErrorCode.NO_LEADER, "elsewhere");

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> servers = new ArrayList<>();
    private final AtomicInteger segment = new AtomicInteger(1);
    private int timeoutMillis = 20_000;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
        await(vertx.close());
    }

    @Test
    void anAppendWithoutAReplyIsSentAgainUnderTheSameNumber() {
        var tries = new ArrayList<Command.AppendNumbered>();
        WalrusClient client =
                client(
                        (conversation, append) -> {
                            tries.add(append);
                            if (tries.size() == 1) {
                                conversation.close();
                            } else {
                                conversation.reply(new Reply.Place(1, 0));
                            }
                        });
        assertThat(await(client.append("t", Buffer.buffer("a")))).isEqualTo(new Place(1, 0));
        assertThat(tries).hasSize(2);
        assertThat(tries.get(1)).isEqualTo(tries.get(0));
    }

    @Test
    void afterARolloverTheOldSegmentIsAskedFirst() {
        ScriptedServer server =
                server(
                        (conversation, append) -> {
                            segment.set(2);
                            conversation.close();
                        },
                        find -> new Reply.Place(1, 5));
        assertThat(await(client(server).append("t", Buffer.buffer("a"))))
                .isEqualTo(new Place(1, 5));
        assertThat(server.received().stream().filter(Command.AppendNumbered.class::isInstance))
                .hasSize(1);
    }

    @Test
    void whatTheOldSegmentHasNotIsAppendedToTheOpenOne() {
        ScriptedServer server =
                server(
                        (conversation, append) -> {
                            if (append.segment() == 1) {
                                segment.set(2);
                                conversation.close();
                            } else {
                                conversation.reply(new Reply.Place(2, 0));
                            }
                        },
                        find -> Reply.empty());
        WalrusClient client = client(server);
        Future<Place> first = client.append("t", Buffer.buffer("a"));
        Future<Void> second = client.put("t", Buffer.buffer("b"));
        assertThat(await(first)).isEqualTo(new Place(2, 0));
        await(second);
        List<String> appended =
                server.received().stream()
                        .filter(Command.AppendNumbered.class::isInstance)
                        .map(Command.AppendNumbered.class::cast)
                        .filter(append -> append.segment() == 2)
                        .map(append -> append.entries().get(0).toString())
                        .toList();
        assertThat(appended).containsExactly("a", "b");
    }

    @Test
    void whileTheNodeWithTheOldSegmentIsAwayLaterAppendsGoOn() {
        var isBack = new AtomicBoolean();
        ScriptedServer server =
                server(
                        (conversation, append) -> {
                            if (append.segment() == 1) {
                                segment.set(2);
                                conversation.close();
                            } else {
                                conversation.reply(new Reply.Place(2, 0));
                            }
                        },
                        find -> isBack.get() ? new Reply.Place(1, 3) : NO_LEADER);
        WalrusClient client = client(server);
        Future<Place> open = client.append("t", Buffer.buffer("a"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> segment.get() == 2);
        assertThat(await(client.append("t", Buffer.buffer("b")))).isEqualTo(new Place(2, 0));
        assertThat(open.isComplete()).isFalse();
        isBack.set(true);
        assertThat(await(open)).isEqualTo(new Place(1, 3));
    }

    @Test
    void aRefusalOfAClosedSegmentIsNoFailure() {
        WalrusClient client =
                client(
                        (conversation, append) -> {
                            segment.set(2);
                            conversation.reply(
                                    append.segment() == 1 ? NO_LEADER : new Reply.Place(2, 0));
                        });
        assertThat(await(client.append("t", Buffer.buffer("a")))).isEqualTo(new Place(2, 0));
    }

    @Test
    void anAppendIsNeverStoredBehindALaterOne() {
        WalrusClient client =
                client(
                        (conversation, append) ->
                                conversation.reply(
                                        append.entries().get(0).toString().equals("a")
                                                ? NO_LEADER
                                                : new Reply.Place(1, 0)));
        Future<Place> first = client.append("t", Buffer.buffer("a"));
        Future<Place> second = client.append("t", Buffer.buffer("b"));
        assertThat(await(second)).isEqualTo(new Place(1, 0));
        WalrusClientException failure = failureOf(first);
        assertThat(failure.errorCode()).contains(ErrorCode.NO_LEADER);
        assertThat(failure.mayHaveHappened()).isFalse();
        assertThat(failure.mayRetry()).isTrue();
    }

    @Test
    void whenTimeIsUpWithoutAnAnswerItSaysThatItMayHaveHappened() {
        timeoutMillis = 300;
        WalrusClient client = client((conversation, append) -> {});
        WalrusClientException failure = failureOf(client.put("t", Buffer.buffer("a")));
        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(failure.mayHaveHappened()).isTrue();
        assertThat(failure.mayRetry()).isFalse();
        assertThat(failure).hasMessageStartingWith("PUT t (1 bytes): no definite answer");
    }

    @Test
    void aTopicThatNobodyRegisteredIsARefusal() {
        ScriptedServer server =
                keep(ScriptedServer.answering(vertx, request -> Reply.Err.unknownTopic("t")));
        assertThat(failureOf(client(server).put("t", Buffer.buffer("a"))).errorCode())
                .contains(ErrorCode.NO_TOPIC);
    }

    @Test
    void aServerThatNumbersNothingIsSentPlainAppends() {
        ScriptedServer server =
                keep(
                        ScriptedServer.answering(
                                vertx,
                                request -> {
                                    if (request instanceof Command.State) {
                                        return state();
                                    }
                                    if (request instanceof Command.Put) {
                                        return Reply.ok();
                                    }
                                    return request instanceof Command.Append
                                            ? new Reply.Place(1, 7)
                                            : new Reply.Err(ErrorCode.NO_COMMAND, "what?");
                                }));
        WalrusClient client = client(server);
        assertThat(await(client.append("t", Buffer.buffer("a")))).isEqualTo(new Place(1, 7));
        await(client.put("t", Buffer.buffer("b")));
        assertThat(server.received().stream().filter(Command.AppendNumbered.class::isInstance))
                .hasSize(1);
    }

    @Test
    void closingWaitsForWhatIsSentAgain() {
        var tries = new AtomicInteger();
        WalrusClient client =
                client(
                        (conversation, append) -> {
                            if (tries.incrementAndGet() == 1) {
                                conversation.close();
                            } else {
                                conversation.reply(new Reply.Place(1, 0));
                            }
                        });
        Future<Void> put = client.put("t", Buffer.buffer("a"));
        await(client.close());
        assertThat(put.succeeded()).isTrue();
        assertThat(failureOf(client.put("t", Buffer.buffer("b"))).kind()).isEqualTo(Kind.CLOSED);
    }

    @Test
    void appendsGoStraightToTheLeader() {
        ScriptedServer leader =
                server(
                        (conversation, append) -> conversation.reply(new Reply.Place(1, 0)),
                        find -> Reply.empty());
        ScriptedServer other = follower(leader.address());
        WalrusClient client = client(other);
        assertThat(await(client.append("t", Buffer.buffer("a")))).isEqualTo(new Place(1, 0));
        await(client.put("t", Buffer.buffer("b")));
        assertThat(leader.received().stream().filter(Command.AppendNumbered.class::isInstance))
                .hasSize(2);
        assertThat(other.received())
                .startsWith(new Command.State("t"), new Command.Metrics())
                .noneMatch(Command.AppendNumbered.class::isInstance);
        await(client.close());
    }

    @Test
    void aLeaderThatCannotBeReachedIsWrittenToThroughAnyNode() {
        ScriptedServer gone = ScriptedServer.answering(vertx, request -> Reply.ok());
        String nobody = gone.address();
        gone.close();
        WalrusClient client = client(follower(nobody));
        assertThat(await(client.append("t", Buffer.buffer("a")))).isEqualTo(new Place(1, 9));
    }

    /** It does not lead, and says who does. */
    private ScriptedServer follower(String leaderAddress) {
        return keep(
                ScriptedServer.answering(
                        vertx,
                        request -> {
                            if (request instanceof Command.State) {
                                return new Reply.Json("{\"current_segment\":1,\"leader_node\":2}");
                            }
                            if (request instanceof Command.Metrics) {
                                return new Reply.Json(
                                        "{\"membership_config\":{\"membership\":{\"nodes\":{"
                                                + "\"1\":{\"addr\":\"x\"},"
                                                + "\"2\":{\"client_addr\":\""
                                                + leaderAddress
                                                + "\"}}}}}");
                            }
                            return new Reply.Place(1, 9);
                        }));
    }

    @Test
    void anAppendThatPausesFailsWhenItsVerticleEnds() {
        var refusals = new AtomicInteger();
        ScriptedServer server =
                server(
                        (conversation, append) -> {
                            refusals.incrementAndGet();
                            conversation.reply(NO_LEADER);
                        },
                        find -> Reply.empty());
        var options =
                new WalrusClientOptions()
                        .setAddresses(server.address())
                        .setReconnectPauseMillisMin(600_000)
                        .setRequestTimeoutMillis(600_000);
        var created = new AtomicReference<WalrusClient>();
        String id =
                await(
                        vertx.deployVerticle(
                                new VerticleBase() {
                                    @Override
                                    public Future<?> start() {
                                        created.set(WalrusClient.create(vertx, options));
                                        return Future.succeededFuture();
                                    }
                                }));
        Future<Void> put = created.get().put("t", Buffer.buffer("a"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> refusals.get() == 2);
        await(vertx.undeploy(id));
        assertThat(failureOf(put).kind()).isEqualTo(Kind.CLOSED);
    }

    private WalrusClient client(
            BiConsumer<ScriptedServer.Conversation, Command.AppendNumbered> onAppend) {
        return client(server(onAppend, find -> Reply.empty()));
    }

    private WalrusClient client(ScriptedServer server) {
        return WalrusClient.create(
                vertx,
                new WalrusClientOptions()
                        .setAddresses(server.address())
                        .setRequestTimeoutMillis(timeoutMillis)
                        .setReconnectPauseMillisMin(1)
                        .setReconnectPauseMillisMax(20));
    }

    private ScriptedServer server(
            BiConsumer<ScriptedServer.Conversation, Command.AppendNumbered> onAppend,
            java.util.function.Function<Command.Find, Reply> onFind) {
        return keep(
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> play(conversation, request, onAppend, onFind)));
    }

    private void play(
            ScriptedServer.Conversation conversation,
            Request request,
            BiConsumer<ScriptedServer.Conversation, Command.AppendNumbered> onAppend,
            java.util.function.Function<Command.Find, Reply> onFind) {
        if (request instanceof Command.AppendNumbered append) {
            onAppend.accept(conversation, append);
        } else if (request instanceof Command.Find find) {
            conversation.reply(onFind.apply(find));
        } else {
            conversation.reply(state());
        }
    }

    private Reply state() {
        return new Reply.Json("{\"current_segment\":" + segment + "}");
    }

    private ScriptedServer keep(ScriptedServer server) {
        servers.add(server);
        return server;
    }

    private static WalrusClientException failureOf(Future<?> future) {
        return catchThrowableOfType(WalrusClientException.class, () -> await(future));
    }
}
