package io.walrus.node.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.FrameParser;
import io.walrus.protocol.Reply;
import io.walrus.protocol.ReplyWriter;
import io.walrus.protocol.Request;
import io.walrus.protocol.RequestParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one node sends another, seen by a server that answers as the test says. */
class PeerLinksTest {

    private static final SegmentId SEGMENT = new SegmentId("events", 7);

    /** The answer to who introduces itself. */
    private static final int OK_BYTES = 6;

    private final Vertx vertx = Vertx.vertx();
    private final List<Request> seen = new CopyOnWriteArrayList<>();

    /** Of the requests seen, the connection that each came on. */
    private final List<NetSocket> ways = new CopyOnWriteArrayList<>();

    private final PeerLinks links =
            new PeerLinks(vertx, new PeerOptions("peer", 1, 30_000, 30_000, 1 << 20, () -> null));

    /** Its patience is soon at an end. */
    private final PeerLinks hasty =
            new PeerLinks(vertx, new PeerOptions("peer", 1, 400, 30_000, 1 << 20, () -> null));

    private final List<Runnable> heldBack = new CopyOnWriteArrayList<>();
    private volatile boolean holdsBack;
    private volatile Function<Request, Reply> answer = request -> new Reply.Place(7, 0);

    @AfterEach
    void close() throws Exception {
        await(links.close());
        await(hasty.close());
        await(vertx.close());
    }

    @Test
    void aForwardedBatchNamesItsSegment() throws Exception {
        ForwardedAppend done = await(links.append(peer(), SEGMENT, bytes("a", "b"), true));
        assertThat(seen)
                .contains(
                        new Command.BatchTo(
                                "events", 7, List.of(Buffer.buffer("a"), Buffer.buffer("b"))));
        assertThat(done.parts())
                .containsExactly(new ForwardedAppend.Part(2, new Reply.Place(7, 0)));
    }

    @Test
    void aForwardedEntryNamesItsSegment() throws Exception {
        await(links.append(peer(), SEGMENT, bytes("a"), false));
        assertThat(seen).contains(new Command.AppendTo("events", 7, Buffer.buffer("a")));
    }

    @Test
    void aRefusedBatchMayBeRoutedAgainAndOneOfUnknownOutcomeMayNot() throws Exception {
        answer = request -> new Reply.Err(ErrorCode.NO_LEADER, "segment 8 is open here");
        assertThat(await(links.append(peer(), SEGMENT, bytes("a", "b"), true)).remaining())
                .isEqualTo(2);
        answer = request -> new Reply.Err(ErrorCode.UNKNOWN, "the lease ran out");
        assertThat(await(links.append(peer(), SEGMENT, bytes("a", "b"), true)).remaining())
                .isZero();
    }

    @Test
    void whoOwesAnAnswerIsNotWaitedForUntilItAnswersAgain() throws Exception {
        NodeMetadata peer = peer();
        var read = new Command.Read("events", 1, 0, 1);
        answer = request -> Reply.empty();
        holdsBack = true;
        assertThat(await(hasty.askBriefly(peer, read))).isEqualTo(silent());
        Future<Reply> second = hasty.askBriefly(peer, read);
        assertThat(second.succeeded()).isTrue();
        assertThat(second.result()).isEqualTo(silent());

        letGo();
        org.awaitility.Awaitility.await()
                .until(() -> await(hasty.askBriefly(peer, read)).equals(Reply.empty()));
    }

    @Test
    void whoCallsOnAnEventLoopIsAnsweredThereOverAConnectionOfThatLoop() throws Exception {
        NodeMetadata peer = peer();
        for (Context loop : twoLoops()) {
            Thread thread = await(on(loop, () -> Future.succeededFuture(Thread.currentThread())));
            Thread answered =
                    await(
                            on(
                                    loop,
                                    () ->
                                            links.append(peer, SEGMENT, bytes("a"), false)
                                                    .map(done -> Thread.currentThread())));
            assertThat(answered).isSameAs(thread);
        }
        assertThat(ways).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void anAppendTakesTheConnectionOfThoseUnderWayToItsTopicWhoeverCalls() throws Exception {
        NodeMetadata peer = peer();
        List<Context> loops = twoLoops();
        holdsBack = true;
        var first = on(loops.get(0), () -> links.append(peer, SEGMENT, bytes("a"), false));
        org.awaitility.Awaitility.await().until(() -> seen.size() == 1);
        var second = on(loops.get(1), () -> links.append(peer, SEGMENT, bytes("b"), false));
        org.awaitility.Awaitility.await().until(() -> seen.size() == 2);
        assertThat(ways.get(1)).isSameAs(ways.get(0));

        letGo();
        await(first);
        await(second);
        await(on(loops.get(1), () -> links.append(peer, SEGMENT, bytes("c"), false)));
        assertThat(ways.get(2)).isNotSameAs(ways.get(0));
    }

    @Test
    void aPeerThatIsBehindByAFullQueueIsSentNoMoreAndTheRestIsRefusedAtOnce() throws Exception {
        NodeMetadata peer = peer();
        holdsBack = true;
        List<Future<ForwardedAppend>> taken = new ArrayList<>();
        // One less while the introduction has no answer yet.
        while (taken.size() < PeerPool.IN_FLIGHT_MAX - 1) {
            taken.add(links.append(peer, SEGMENT, bytes("a"), false));
        }
        links.append(peer, SEGMENT, bytes("a"), false);
        Future<ForwardedAppend> refused = links.append(peer, SEGMENT, bytes("b"), false);
        assertThat(refused.succeeded()).isTrue();
        assertThat(refused.result().remaining()).isEqualTo(1);
        assertThat(refused.result().why()).contains("wait for an answer already");
        assertThat(taken.stream().filter(Future::isComplete).count()).isZero();

        org.awaitility.Awaitility.await().until(() -> seen.size() >= taken.size());
        letGo();
        for (Future<ForwardedAppend> one : taken) {
            assertThat(await(one).remaining()).isZero();
        }
        assertThat(seen).doesNotContain(new Command.AppendTo("events", 7, Buffer.buffer("b")));
    }

    /** Contexts of two event loops. */
    private List<Context> twoLoops() throws Exception {
        List<Context> loops = new CopyOnWriteArrayList<>();
        await(
                vertx.deployVerticle(
                        () ->
                                new VerticleBase() {
                                    @Override
                                    public Future<?> start() {
                                        loops.add(context);
                                        return Future.succeededFuture();
                                    }
                                },
                        new DeploymentOptions().setInstances(2)));
        return loops;
    }

    private static <T> Future<T> on(Context loop, Supplier<Future<T>> call) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(turn -> call.get().onComplete(done));
        return done.future();
    }

    private static Reply silent() {
        return new Reply.Err(ErrorCode.NO_LEADER, "node 2 does not answer at the moment");
    }

    private NodeMetadata peer() throws Exception {
        NetServer server =
                vertx.createNetServer()
                        .connectHandler(
                                socket -> {
                                    var parser = new RequestParser(FrameParser.FRAME_BYTES_MAX);
                                    socket.handler(
                                            bytes -> {
                                                Buffer replies = Buffer.buffer();
                                                for (Request request : parser.parse(bytes)) {
                                                    ReplyWriter.append(
                                                            replies, reply(request, socket));
                                                }
                                                write(socket, replies);
                                            });
                                });
        await(server.listen(0, "127.0.0.1"));
        return new NodeMetadata(2, "127.0.0.1:1", "127.0.0.1", server.actualPort(), "store", 1);
    }

    private void write(NetSocket socket, Buffer replies) {
        synchronized (heldBack) {
            if (holdsBack && replies.length() > OK_BYTES) {
                heldBack.add(() -> socket.write(replies));
            } else {
                socket.write(replies);
            }
        }
    }

    private void letGo() {
        synchronized (heldBack) {
            holdsBack = false;
            heldBack.forEach(Runnable::run);
        }
    }

    private Reply reply(Request request, NetSocket socket) {
        if (request instanceof Command.Auth) {
            return Reply.ok();
        }
        ways.add(socket);
        seen.add(request);
        return answer.apply(request);
    }

    private static List<ByteBuffer> bytes(String... payloads) {
        return List.of(payloads).stream().map(p -> ByteBuffer.wrap(p.getBytes(UTF_8))).toList();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
