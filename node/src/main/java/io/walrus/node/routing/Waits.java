package io.walrus.node.routing;

import io.walrus.metadata.MetadataService;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StoredTopic;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Those who wait until there is something to read at a place.
 *
 * <p>A place on this node is looked at when entries of its topic were acknowledged, when the view
 * has changed, and with each tick. One that is elsewhere is looked at with each tick only, by a
 * WAIT of no time to the node that knows, so that nobody's replies are held up behind it. Any
 * thread; nothing blocks.
 */
final class Waits {

    /** A closed connection leaves its WAIT here until its time is up, so they are counted. */
    private static final int WAITS_MAX = 20_000;

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final SegmentStore store;
    private final PeerLinks peers;
    private final CursorDesks desks;
    private final LongSupplier clockNanos;
    private final Map<String, Set<Waiter>> waitersByTopic = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private final AtomicInteger count = new AtomicInteger();

    Waits(
            LeaseHolder self,
            MetadataService metadata,
            SegmentStore store,
            PeerLinks peers,
            CursorDesks desks,
            LongSupplier clockNanos) {
        this.self = self;
        this.metadata = metadata;
        this.store = store;
        this.peers = peers;
        this.desks = desks;
        this.clockNanos = clockNanos;
    }

    /** Answers OK once there is something, EMPTY when the time is up. */
    void add(Command.Wait wait, Errand errand) {
        if (count.incrementAndGet() > WAITS_MAX) {
            count.decrementAndGet();
            errand.answer()
                    .accept(
                            new Reply.Err(
                                    ErrorCode.BUSY,
                                    WAITS_MAX + " requests wait on this node already"));
            return;
        }
        var waiter = new Waiter(wait, errand, clockNanos.getAsLong());
        waitersByTopic.compute(
                wait.topic(),
                (topic, waiters) -> {
                    Set<Waiter> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
                    all.add(waiter);
                    return all;
                });
        waiter.look();
    }

    /** Entries of the topic can be read that could not before. */
    void onAcked(StoredTopic topic) {
        lookAgain(topic.name());
    }

    /** The view of that topic has changed. */
    void lookAgain(String topic) {
        Set<Waiter> waiters = waitersByTopic.get(topic);
        if (waiters != null) {
            waiters.forEach(Waiter::look);
        }
    }

    /** The view has changed, or time has passed. */
    void lookAgain() {
        waitersByTopic.values().forEach(waiters -> waiters.forEach(Waiter::look));
    }

    /** Nobody waits any longer, from now on either. */
    void close() {
        closed = true;
        lookAgain();
    }

    private void remove(Waiter waiter) {
        count.decrementAndGet();
        waitersByTopic.computeIfPresent(
                waiter.wait.topic(),
                (topic, waiters) -> {
                    waiters.remove(waiter);
                    return waiters.isEmpty() ? null : waiters;
                });
    }

    /** Empty: nothing yet. */
    private CompletionStage<Optional<Reply>> answerTo(Command.Wait wait, boolean isRouted) {
        if (closed) {
            return done(new Reply.Err(ErrorCode.STOPPING, "the node is stopping"));
        }
        Optional<TopicMetadata> known = metadata.view().topic(wait.topic());
        if (known.isEmpty()) {
            return done(Reply.Err.unknownTopic(wait.topic()));
        }
        TopicMetadata topic = known.get();
        return wait.isAtSharedCursor()
                ? atSharedCursor(topic, wait, isRouted)
                : atPlace(topic, wait, isRouted);
    }

    private CompletionStage<Optional<Reply>> atSharedCursor(
            TopicMetadata topic, Command.Wait wait, boolean isRouted) {
        int leader = topic.lastSegment().leaderNode();
        if (leader != self.nodeId()) {
            return elsewhere(leader, wait, isRouted);
        }
        var found = new CompletableFuture<Optional<Reply>>();
        desks.desk(Stored.topic(topic))
                .ask(
                        CursorDesk.Ask.peek(
                                (entries, failure) ->
                                        found.complete(
                                                failure != null || entries.isEmpty()
                                                        ? Optional.empty()
                                                        : Optional.of(Reply.ok()))));
        return found;
    }

    private CompletionStage<Optional<Reply>> atPlace(
            TopicMetadata topic, Command.Wait wait, boolean isRouted) {
        Optional<SegmentMetadata> known = topic.segment(wait.segment());
        if (known.isEmpty()) {
            return nothingYet();
        }
        SegmentMetadata segment = known.get();
        if (segment.isLost(metadata.view())) {
            return done(SegmentReads.lost(new SegmentId(topic.name(), wait.segment()), segment));
        }
        if (segment.state() == SegmentState.SEALED) {
            return done(Reply.ok());
        }
        if (segment.leaderNode() != self.nodeId()) {
            return elsewhere(segment.leaderNode(), wait, isRouted);
        }
        long readable = store.readableCount(Stored.segment(topic, wait.segment()));
        return wait.offset() < readable ? done(Reply.ok()) : nothingYet();
    }

    /** What the other node cannot say at the moment is asked again with the next tick. */
    private CompletionStage<Optional<Reply>> elsewhere(
            int nodeId, Command.Wait wait, boolean isRouted) {
        Optional<NodeMetadata> node = metadata.view().node(nodeId);
        if (isRouted || node.isEmpty()) {
            return nothingYet();
        }
        return peers.ask(
                        node.get(),
                        new Command.Wait(wait.topic(), wait.segment(), wait.offset(), 0))
                .map(reply -> Optional.of(reply).filter(Reply.Ok.class::isInstance))
                .toCompletionStage();
    }

    private static CompletionStage<Optional<Reply>> done(Reply reply) {
        return CompletableFuture.completedFuture(Optional.of(reply));
    }

    private static CompletionStage<Optional<Reply>> nothingYet() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** One request; looked at by one thread at a time, and again if it was asked to meanwhile. */
    private final class Waiter {
        private final Command.Wait wait;
        private final Errand errand;
        private final long deadlineNanos;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicBoolean answered = new AtomicBoolean();

        Waiter(Command.Wait wait, Errand errand, long nowNanos) {
            this.wait = wait;
            this.errand = errand;
            this.deadlineNanos = nowNanos + wait.timeoutMillis() * 1_000_000L;
        }

        void look() {
            if (!answered.get() && asked.getAndIncrement() == 0) {
                lookNow();
            }
        }

        private void lookNow() {
            int seen = asked.get();
            answerTo(wait, errand.isRouted())
                    .whenComplete(
                            (found, failure) -> {
                                if (failure != null) {
                                    answer(Refusals.of(failure));
                                } else if (found.isPresent()) {
                                    answer(found.get());
                                } else if (deadlineNanos - clockNanos.getAsLong() <= 0) {
                                    answer(Reply.empty());
                                } else if (!asked.compareAndSet(seen, 0)) {
                                    lookNow();
                                }
                            });
        }

        private void answer(Reply reply) {
            if (answered.compareAndSet(false, true)) {
                remove(this);
                errand.answer().accept(reply);
            }
        }
    }
}
