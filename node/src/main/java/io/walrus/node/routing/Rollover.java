package io.walrus.node.routing;

import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.LeaderRotation;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StoredSegment;
import io.walrus.node.storage.StoredTopic;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The life's end of an open segment, in the one order that is safe: stop appends, wait for those in
 * flight, seal the log at its exact count, propose the seal with the next leader.
 *
 * <p>Every step may be repeated: sealing gives the same count again, and the proposal names the
 * segment and the epoch that it expects. A proposal without an answer is looked up in the view
 * before it is made again.
 */
final class Rollover {

    /** Makes a topic's shared cursor stand still while its value travels. */
    interface Cursors {
        CompletionStage<Void> freeze(StoredTopic topic);

        void thaw(StoredTopic topic);
    }

    private static final System.Logger LOG = System.getLogger(Rollover.class.getName());

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final SegmentStore store;
    private final Cursors cursors;
    private final Supplier<Set<Integer>> liveNodes;
    private final Map<SegmentId, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private final Set<SegmentId> failed = ConcurrentHashMap.newKeySet();

    /**
     * Whose cursor stands still behind a proposal that may still be applied, with the place that
     * the proposal has.
     */
    private final Map<SegmentId, StoredTopic> frozen = new ConcurrentHashMap<>();

    Rollover(
            LeaseHolder self,
            MetadataService metadata,
            SegmentStore store,
            Cursors cursors,
            Supplier<Set<Integer>> liveNodes) {
        this.self = self;
        this.metadata = metadata;
        this.store = store;
        this.cursors = cursors;
        this.liveNodes = liveNodes;
    }

    /**
     * Starts, or joins, the rollover of a segment that this node leads; completes when the view
     * shows it sealed.
     */
    CompletionStage<Void> start(SegmentId segment) {
        var mine = new CompletableFuture<Void>();
        CompletableFuture<Void> first = running.putIfAbsent(segment, mine);
        if (first != null) {
            return first;
        }
        attempt(segment)
                .whenComplete(
                        (done, failure) -> {
                            running.remove(segment);
                            if (failure == null) {
                                mine.complete(null);
                            } else {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "rollover of {0} not done yet, it is tried again: {1}",
                                        segment,
                                        failure.getMessage());
                                failed.add(segment);
                                mine.completeExceptionally(failure);
                            }
                        });
        return mine;
    }

    /** Tries the ones again that have failed. */
    void retry() {
        for (SegmentId segment : failed) {
            if (failed.remove(segment)) {
                start(segment);
            }
        }
    }

    private CompletionStage<Void> attempt(SegmentId segment) {
        Optional<SegmentMetadata> ours = unsealedHere(segment);
        Optional<StoredSegment> held = Stored.segment(metadata.view(), segment);
        if (ours.isEmpty() || held.isEmpty()) {
            thaw(segment);
            return CompletableFuture.completedFuture(null);
        }
        StoredTopic topic = held.get().topic();
        return store.seal(held.get())
                .thenCompose(count -> freeze(segment, topic).thenApply(still -> count))
                .thenCompose(
                        count ->
                                store.cursor(topic)
                                        .thenCompose(
                                                place ->
                                                        propose(segment, ours.get(), count, place)))
                .thenAccept(outcome -> requireSealed(segment, outcome))
                .whenComplete((done, failure) -> thawIfSealed(segment));
    }

    private CompletionStage<Void> freeze(SegmentId segment, StoredTopic topic) {
        frozen.put(segment, topic);
        return cursors.freeze(topic);
    }

    /**
     * A proposal without an answer may be applied at any time, and then the next owner begins at
     * its place: until the view shows the seal, a move here would be handed out twice.
     */
    private void thawIfSealed(SegmentId segment) {
        if (unsealedHere(segment).isEmpty()) {
            thaw(segment);
        }
    }

    private void thaw(SegmentId segment) {
        StoredTopic topic = frozen.remove(segment);
        if (topic != null) {
            cursors.thaw(topic);
        }
    }

    private CompletionStage<Outcome> propose(
            SegmentId segment, SegmentMetadata ours, long count, CursorPosition place) {
        return NextLeader.chosen(metadata, () -> proposeOnce(segment, ours, count, place));
    }

    private CompletionStage<Outcome> proposeOnce(
            SegmentId segment, SegmentMetadata ours, long count, CursorPosition place) {
        int next = LeaderRotation.next(self.nodeId(), liveNodes.get()).orElse(self.nodeId());
        Placement placement = Placement.single(next);
        return metadata.propose(
                ours.state() == SegmentState.OPEN
                        ? new MetadataCommand.RollOver(
                                segment, ours.epoch(), self.storeId(), count, place, placement)
                        : new MetadataCommand.CompleteSeal(
                                segment,
                                ours.epoch(),
                                self.storeId(),
                                count,
                                place,
                                Optional.of(placement)));
    }

    /**
     * Applied is done; refused and unknown are done too if the view says that the segment is
     * sealed.
     */
    private void requireSealed(SegmentId segment, Outcome outcome) {
        if (!outcome.isApplied() && unsealedHere(segment).isPresent()) {
            throw new IllegalStateException("the seal was answered by " + outcome);
        }
    }

    private Optional<SegmentMetadata> unsealedHere(SegmentId segment) {
        return metadata.view()
                .segment(segment)
                .filter(known -> known.state() != SegmentState.SEALED)
                .filter(known -> known.leaderNode() == self.nodeId())
                .filter(known -> known.leaderStore().equals(self.storeId()));
    }
}
