package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Gives all that this node leads to others, a few topics at a time so that each of them pauses for
 * one rollover only, and whatever it is given while it goes on.
 *
 * <p>Any thread; the lock guards the list of what is under way and is never held during a rollover.
 */
final class HandOver {

    private static final int AT_ONCE = 16;

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final Rollover rollover;
    private final Predicate<SegmentId> isOpenHere;
    private final Supplier<Set<Integer>> liveNodes;
    private final Set<SegmentId> underWay = new HashSet<>();
    private CompletableFuture<Void> done;

    /**
     * @param isOpenHere whether the segment's writer is open, so that it can be sealed
     * @param liveNodes who can take over
     */
    HandOver(
            LeaseHolder self,
            MetadataService metadata,
            Rollover rollover,
            Predicate<SegmentId> isOpenHere,
            Supplier<Set<Integer>> liveNodes) {
        this.self = self;
        this.metadata = metadata;
        this.rollover = rollover;
        this.isOpenHere = isOpenHere;
        this.liveNodes = liveNodes;
    }

    /**
     * Begins or joins one, or looks again; completes when this node leads nothing, or nobody can
     * take it.
     */
    CompletionStage<Void> begin() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (done == null || done.isDone()) {
                done = new CompletableFuture<>();
            }
            mine = done;
        }
        proceed();
        return mine;
    }

    /** This node keeps what it is given from now on. */
    synchronized void end() {
        done = null;
    }

    /** Call it with each new view and now and then: starts what can be started. */
    void proceed() {
        CompletableFuture<Void> completed = null;
        List<SegmentId> next = new ArrayList<>();
        synchronized (this) {
            if (done == null) {
                return;
            }
            List<SegmentId> left = hasSuccessor() ? ledHere(metadata.view()) : List.of();
            if (left.isEmpty()) {
                completed = done;
            }
            for (SegmentId segment : left) {
                if (underWay.size() < AT_ONCE && isOpenHere.test(segment)) {
                    if (underWay.add(segment)) {
                        next.add(segment);
                    }
                }
            }
        }
        if (completed != null) {
            completed.complete(null);
        }
        next.forEach(this::roll);
    }

    private void roll(SegmentId segment) {
        rollover.start(segment)
                .whenComplete(
                        (rolled, failure) -> {
                            synchronized (this) {
                                underWay.remove(segment);
                            }
                            if (failure == null) {
                                proceed();
                            }
                        });
    }

    private boolean hasSuccessor() {
        return liveNodes.get().stream().anyMatch(node -> node != self.nodeId());
    }

    /** The open segments that this boot of this node leads. */
    List<SegmentId> ledHere(ClusterMetadata view) {
        var led = new ArrayList<SegmentId>();
        for (TopicMetadata topic : view.topics().values()) {
            topic.openSegment()
                    .filter(open -> open.leaderNode() == self.nodeId())
                    .filter(open -> open.leaderStore().equals(self.storeId()))
                    .map(SegmentMetadata::number)
                    .ifPresent(number -> led.add(new SegmentId(topic.name(), number)));
        }
        return led;
    }
}
