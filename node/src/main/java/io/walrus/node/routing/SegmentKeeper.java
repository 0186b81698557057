package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.storage.SegmentStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Keeps the store in step with the view: opens a writer for each segment that this node was given,
 * and rolls over the ones that it led in an earlier life.
 *
 * <p>A restarted leader never resumes an open segment: one that was opened for an earlier boot of
 * this store is sealed at its recovered count, and the next one begins. One that was taken from
 * this node while it did not answer gets its exact count.
 */
final class SegmentKeeper {

    private static final System.Logger LOG = System.getLogger(SegmentKeeper.class.getName());

    private final LeaseHolder self;
    private final SegmentStore store;
    private final Rollover rollover;
    private final Consumer<String> topicChanged;
    private final Set<SegmentId> opened = ConcurrentHashMap.newKeySet();

    SegmentKeeper(
            LeaseHolder self,
            SegmentStore store,
            Rollover rollover,
            Consumer<String> topicChanged) {
        this.self = self;
        this.store = store;
        this.rollover = rollover;
        this.topicChanged = topicChanged;
    }

    void onView(ClusterMetadata view) {
        for (TopicMetadata topic : view.topics().values()) {
            for (SegmentMetadata segment : topic.segments()) {
                if (segment.state() != SegmentState.SEALED
                        && segment.leaderNode() == self.nodeId()
                        && segment.leaderStore().equals(self.storeId())) {
                    take(topic, segment);
                }
            }
        }
    }

    private void take(TopicMetadata topic, SegmentMetadata open) {
        var segment = new SegmentId(topic.name(), open.number());
        if (!opened.add(segment)) {
            return;
        }
        if (open.state() == SegmentState.SEALING || !self.opened(open)) {
            rollover.start(segment).whenComplete((done, failure) -> forgetIf(failure, segment));
            return;
        }
        store.openSegment(segment, open.epoch())
                .whenComplete(
                        (done, failure) -> {
                            forgetIf(failure, segment);
                            topicChanged.accept(topic.name());
                        });
    }

    /** A failed step is tried again with the next view or tick. */
    private void forgetIf(Throwable failure, SegmentId segment) {
        if (failure != null) {
            opened.remove(segment);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot take over {0} yet: {1}",
                    segment,
                    failure.getMessage());
        }
    }
}
