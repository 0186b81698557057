package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.ViewChange;
import io.walrus.metadata.lease.LeaseHolder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

    /** What is still to be given, as far as is known: looking at all topics takes too long. */
    private final Set<SegmentId> left = new LinkedHashSet<>();

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
            left.addAll(ledHere(metadata.view()));
        }
        proceed();
        return mine;
    }

    /** This node keeps what it is given from now on. */
    synchronized void end() {
        done = null;
        left.clear();
    }

    /** Takes in what this node was given meanwhile, and goes on. */
    void onChange(ViewChange change) {
        synchronized (this) {
            if (done == null) {
                return;
            }
            change.topics()
                    .ifPresentOrElse(
                            names ->
                                    names.stream()
                                            .flatMap(name -> change.view().topic(name).stream())
                                            .flatMap(topic -> ledHere(topic).stream())
                                            .forEach(left::add),
                            () -> left.addAll(ledHere(change.view())));
        }
        proceed();
    }

    /** Call it now and then: starts what can be started. */
    void proceed() {
        CompletableFuture<Void> completed = null;
        List<SegmentId> next = List.of();
        synchronized (this) {
            if (done == null) {
                return;
            }
            ClusterMetadata view = metadata.view();
            boolean hasSuccessor = hasSuccessor();
            if (hasSuccessor) {
                next = nextOnes(view);
            }
            if (!hasSuccessor || isAllGiven(view)) {
                completed = done;
            }
        }
        if (completed != null) {
            completed.complete(null);
        }
        next.forEach(this::roll);
    }

    /** As many as may be under way at once; what was given away is forgotten on the way. */
    private List<SegmentId> nextOnes(ClusterMetadata view) {
        List<SegmentId> next = new ArrayList<>();
        Iterator<SegmentId> each = left.iterator();
        while (underWay.size() < AT_ONCE && each.hasNext()) {
            SegmentId segment = each.next();
            if (!isLedHere(view, segment)) {
                each.remove();
            } else if (isOpenHere.test(segment) && underWay.add(segment)) {
                next.add(segment);
            }
        }
        return next;
    }

    /** Looks at all topics once more before it says so. */
    private boolean isAllGiven(ClusterMetadata view) {
        if (left.isEmpty()) {
            left.addAll(ledHere(view));
        }
        return left.isEmpty();
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

    private boolean isLedHere(ClusterMetadata view, SegmentId segment) {
        return view.topic(segment.topic())
                .flatMap(this::ledHere)
                .filter(segment::equals)
                .isPresent();
    }

    /** The open segments that this node leads. */
    List<SegmentId> ledHere(ClusterMetadata view) {
        return view.topics().values().stream().flatMap(topic -> ledHere(topic).stream()).toList();
    }

    private Optional<SegmentId> ledHere(TopicMetadata topic) {
        return topic.openSegment()
                .filter(open -> open.leaderNode() == self.nodeId())
                .filter(open -> open.leaderStore().equals(self.storeId()))
                .map(open -> new SegmentId(topic.name(), open.number()));
    }
}
