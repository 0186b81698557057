package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.raft.RaftMetadata;
import io.walrus.metadata.raft.RaftStatus;
import io.walrus.node.protocol.Membership;
import io.walrus.node.routing.Router;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How a node gives away what it leads, and leaves: first the cluster agrees that it is given
 * nothing new, then it rolls over what it leads, then it hands over the leadership of the metadata.
 * Where nobody could agree in time it goes on all the same, and looks again at the end.
 *
 * <p>Any thread; nothing blocks.
 */
final class NodeMembership implements Membership {

    private static final long AGREED_MILLIS_MAX = 1_000;
    private static final long UNDRAIN_MILLIS_MAX = 5_000;
    private static final long TRANSFER_MILLIS_MAX = 2_000;
    private static final long DRAIN_MILLIS_MAX = 30_000;
    private static final long LEAVE_AGAIN_MILLIS = 100;
    private static final int LEAVE_TRIES_MAX = 20;

    /** Long enough for the reply to be on its way before its connection is closed. */
    private static final long LAST_WORD_MILLIS = 200;

    private final Vertx vertx;
    private final int nodeId;
    private final RaftMetadata metadata;
    private final Router router;
    private final Promise<Void> left = Promise.promise();

    NodeMembership(Vertx vertx, int nodeId, RaftMetadata metadata, Router router) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.metadata = metadata;
        this.router = router;
    }

    /** Completes when the node has left its cluster and should be stopped. */
    Future<Void> left() {
        return left.future();
    }

    @Override
    public Future<Reply> drain() {
        return handOver(DRAIN_MILLIS_MAX)
                .compose(drained -> router.leadsNothing() ? done(Reply.ok()) : keptAll())
                .otherwise(
                        late ->
                                new Reply.Err(
                                        ErrorCode.NO_LEADER,
                                        "not done within %d s, it goes on: %s"
                                                .formatted(
                                                        DRAIN_MILLIS_MAX / 1_000,
                                                        late.getMessage())));
    }

    /** What is refused leaves no trace: a node that leads is not held for one that is going. */
    private Future<Reply> keptAll() {
        return undrainThen(
                new Reply.Err(
                        ErrorCode.NO_LEADER,
                        "no other node is live and takes what node "
                                + nodeId
                                + " leads; it leads as before"));
    }

    /** Where no majority agrees in time, the node goes on asking behind the refusal. */
    private Future<Reply> undrainThen(Reply refusal) {
        return undrain().map(undrained -> refusal);
    }

    private static Future<Reply> done(Reply reply) {
        return Future.succeededFuture(reply);
    }

    /**
     * Completes when this node leads nothing, neither topics nor the metadata, or nobody else
     * lives; fails when that takes too long, and goes on.
     */
    Future<Void> handOver(long millisMax) {
        return ours(metadata.drain())
                .compose(agreed -> await(this::hasSuccessor, AGREED_MILLIS_MAX))
                .timeout(AGREED_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .compose(agreed -> ours(router.handOver()))
                .compose(given -> handOverMetadata())
                .compose(given -> ours(router.handOver()))
                .timeout(millisMax, TimeUnit.MILLISECONDS);
    }

    /**
     * Unless all others go too, somebody is there to take it; a leader of the metadata that has
     * just begun does not know yet who.
     */
    private boolean hasSuccessor() {
        ClusterMetadata view = metadata.view();
        return view.draining().containsAll(view.nodes().keySet())
                || !metadata.liveNodes().isEmpty();
    }

    private Future<Void> handOverMetadata() {
        RaftStatus status = metadata.status();
        Optional<Integer> next =
                metadata.liveNodes().stream()
                        .filter(node -> node != nodeId && status.voters().contains(node))
                        .findFirst();
        if (status.leader() != nodeId || next.isEmpty()) {
            return Future.succeededFuture();
        }
        return ours(metadata.transferLeadership(next.get()))
                .compose(
                        asked ->
                                await(
                                        () -> !leadsMetadata() && !metadata.liveNodes().isEmpty(),
                                        TRANSFER_MILLIS_MAX))
                .otherwiseEmpty();
    }

    private boolean leadsMetadata() {
        int leader = metadata.status().leader();
        return leader == nodeId || leader == 0;
    }

    @Override
    public Future<Reply> undrain() {
        router.keepWhatComes();
        return ours(metadata.undrain())
                .timeout(UNDRAIN_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .map(agreed -> Reply.ok())
                .otherwise(NodeMembership::notAgreed);
    }

    private static Reply notAgreed(Throwable why) {
        String what =
                why instanceof TimeoutException
                        ? "the cluster has not agreed within %d s, the node goes on asking"
                                .formatted(UNDRAIN_MILLIS_MAX / 1_000)
                        : why.getMessage();
        return new Reply.Err(
                ErrorCode.UNKNOWN, what + "; METRICS tells who drains, UNDRAIN again is safe");
    }

    @Override
    public Future<Reply> leave(boolean force) {
        if (metadata.view().nodes().size() <= 1) {
            return done(
                    new Reply.Err(
                            ErrorCode.BAD_REQUEST,
                            "a cluster of one cannot be left; stop the node instead"));
        }
        List<String> held = force ? List.of() : onlyHere();
        if (!held.isEmpty()) {
            return done(onlyCopy("it alone holds " + counted(held)));
        }
        return drain().compose(
                        drained -> {
                            if (drained instanceof Reply.Err) {
                                return undrainThen(drained);
                            }
                            return untilDone(() -> leaveOnce(force), LEAVE_TRIES_MAX)
                                    .compose(this::leftOr);
                        });
    }

    @Override
    public Future<Reply> remove(int node, boolean force) {
        ClusterMetadata view = metadata.view();
        if (node == nodeId || view.node(node).isEmpty()) {
            return Future.succeededFuture(
                    new Reply.Err(
                            ErrorCode.BAD_REQUEST,
                            node == nodeId
                                    ? "a node does not remove itself; LEAVE does that"
                                    : "no member is node %d; members are %s"
                                            .formatted(node, view.nodes().keySet())));
        }
        if (metadata.liveNodes().contains(node)) {
            return done(isAlive(node));
        }
        return untilDone(() -> removeOnce(node, force), LEAVE_TRIES_MAX)
                .compose(outcome -> ours(metadata.catchUp()).map(seen -> outcome))
                .map(outcome -> removedOr(node, outcome));
    }

    private CompletionStage<Outcome> removeOnce(int node, boolean force) {
        return force ? metadata.expel(node) : metadata.expelUnneeded(node);
    }

    private static String counted(List<String> segments) {
        int count = segments.size();
        return "%d segment%s (%s)".formatted(count, count == 1 ? "" : "s", segments.get(0));
    }

    private static Reply.Err isAlive(int node) {
        return new Reply.Err(
                ErrorCode.BAD_REQUEST,
                ("node %d is alive, or was a moment ago; have it LEAVE, or stop it and try again"
                                + " after a few seconds")
                        .formatted(node));
    }

    private Reply removedOr(int node, Outcome outcome) {
        if (outcome.isApplied() || metadata.view().node(node).isEmpty()) {
            return Reply.ok();
        }
        if (outcome instanceof Outcome.Refused refused) {
            return switch (refused.code()) {
                case NODE_ALIVE -> isAlive(node);
                case ONLY_COPY ->
                        new Reply.Err(
                                ErrorCode.ONLY_COPY,
                                ("node %d holds the only copy of %s; start it to read them, or"
                                                + " REMOVE %d force gives them up")
                                        .formatted(node, refused.found(), node));
                default -> new Reply.Err(ErrorCode.NO_LEADER, refused.message());
            };
        }
        return new Reply.Err(
                ErrorCode.UNKNOWN,
                "the cluster did not answer; METRICS tells the members, REMOVE again is safe");
    }

    /** The cluster itself looks once more whether anything is here alone: we may be behind it. */
    private CompletionStage<Outcome> leaveOnce(boolean force) {
        return force ? metadata.leave(nodeId) : metadata.retire(nodeId);
    }

    /** The members change one at a time: another change may be under way. */
    private Future<Outcome> untilDone(Supplier<CompletionStage<Outcome>> change, int triesLeft) {
        return ours(change.get())
                .compose(
                        outcome ->
                                isWorthAnotherTry(outcome) && triesLeft > 1
                                        ? vertx.timer(LEAVE_AGAIN_MILLIS)
                                                .compose(later -> untilDone(change, triesLeft - 1))
                                        : Future.succeededFuture(outcome));
    }

    /** Who has left already is told so: asking again after a lost answer does no harm. */
    private static boolean isWorthAnotherTry(Outcome outcome) {
        return outcome instanceof Outcome.Unknown
                || outcome instanceof Outcome.Refused refused && refused.code().retryable();
    }

    private Future<Reply> leftOr(Outcome outcome) {
        if (outcome.isApplied() || metadata.view().node(nodeId).isEmpty()) {
            vertx.setTimer(LAST_WORD_MILLIS, said -> left.tryComplete());
            return done(Reply.ok());
        }
        return undrainThen(refusalOf(outcome));
    }

    private Reply refusalOf(Outcome outcome) {
        if (!(outcome instanceof Outcome.Refused refused)) {
            return new Reply.Err(
                    ErrorCode.UNKNOWN, "the cluster did not answer; METRICS tells the members");
        }
        return refused.code() == RefusalCode.ONLY_COPY
                ? onlyCopy(refused.found())
                : new Reply.Err(ErrorCode.NO_LEADER, refused.message());
    }

    private Reply onlyCopy(String held) {
        return new Reply.Err(
                ErrorCode.ONLY_COPY,
                "node %d: %s; they cannot be read any more when it has left; LEAVE force leaves all the same"
                        .formatted(nodeId, held));
    }

    /** Segments with entries that were written by this node's store, and by nobody else's. */
    private List<String> onlyHere() {
        String storeId = metadata.holder().storeId();
        return metadata.view().topics().values().stream()
                .flatMap(
                        topic ->
                                topic.segments().stream()
                                        .filter(segment -> segment.isOnlyAt(nodeId, storeId))
                                        .filter(segment -> !isOpenAndEmpty(topic, segment))
                                        .map(segment -> topic.name() + " " + segment.number()))
                .toList();
    }

    private boolean isOpenAndEmpty(TopicMetadata topic, SegmentMetadata segment) {
        return segment.state() == SegmentState.OPEN && router.isEmpty(topic, segment);
    }

    private Future<Void> await(BooleanSupplier condition, long millisMax) {
        return Looks.until(
                vertx,
                millisMax,
                promise -> {
                    if (condition.getAsBoolean()) {
                        promise.tryComplete();
                    }
                });
    }

    private <T> Future<T> ours(CompletionStage<T> stage) {
        return Future.fromCompletionStage(stage, vertx.getOrCreateContext());
    }
}
