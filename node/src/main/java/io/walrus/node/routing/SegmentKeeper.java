package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.ViewChange;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.storage.DurableQuorum;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StoredSegment;
import io.walrus.node.storage.StoredTopic;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps the store in step with the view: opens a writer for each segment that this node was given,
 * and rolls over the ones that it led in an earlier life.
 *
 * <p>A restarted leader never resumes an open segment: one that was opened for an earlier boot of
 * this store is sealed at its recovered count, and the next one begins. One that was taken from
 * this node while it did not answer gets its exact count. What belongs to a topic that was deleted
 * is dropped.
 */
final class SegmentKeeper {

    private static final System.Logger LOG = System.getLogger(SegmentKeeper.class.getName());

    private final LeaseHolder self;
    private final SegmentStore store;
    private final Rollover rollover;
    private final Consumer<String> topicChanged;
    private final Set<StoredSegment> opened = ConcurrentHashMap.newKeySet();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final Set<StoredTopic> dropping = ConcurrentHashMap.newKeySet();
    private final AtomicReference<ClusterMetadata> last = new AtomicReference<>();

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

    /** Whether topics have gone since the last look, as far as can be told. */
    boolean onChange(ViewChange change) {
        ClusterMetadata view = change.view();
        boolean hasLostOne = hasLostOne(last.getAndSet(view), change);
        if (hasLostOne) {
            dropDeletedNow(view);
        }
        List<String> again = List.copyOf(failed);
        again.forEach(failed::remove);
        change.topics()
                .ifPresentOrElse(
                        names ->
                                Stream.concat(names.stream(), again.stream())
                                        .flatMap(name -> view.topic(name).stream())
                                        .forEach(topic -> take(view, topic)),
                        () -> view.topics().values().forEach(topic -> take(view, topic)));
        return hasLostOne;
    }

    /**
     * Looks at the store when the view has lost a topic, and at the first view: what was deleted
     * while this node was away is still here then.
     */
    private static boolean hasLostOne(ClusterMetadata before, ViewChange change) {
        if (before == null) {
            return true;
        }
        Stream<TopicMetadata> known =
                change.topics()
                        .map(names -> names.stream().flatMap(name -> before.topic(name).stream()))
                        .orElseGet(() -> before.topics().values().stream());
        return known.anyMatch(topic -> !Stored.isShown(change.view(), Stored.topic(topic)));
    }

    private void take(ClusterMetadata view, TopicMetadata topic) {
        for (SegmentMetadata segment : topic.segments()) {
            if (segment.state() != SegmentState.SEALED
                    && segment.leaderNode() == self.nodeId()
                    && segment.leaderStore().equals(self.storeId())) {
                take(view, topic, segment);
            }
        }
    }

    /** A request that was under way may have made a stream again: the monitor finds it. */
    void dropDeletedNow(ClusterMetadata view) {
        opened.removeIf(segment -> Stored.isDeleted(view, segment.topic()));
        for (StoredTopic topic : store.topics()) {
            if (Stored.isDeleted(view, topic) && dropping.add(topic)) {
                store.deleteTopic(topic).whenComplete((done, failure) -> dropped(topic, failure));
            }
        }
    }

    /** What cannot be dropped now is tried again with the next change. */
    private void dropped(StoredTopic topic, Throwable failure) {
        dropping.remove(topic);
        if (failure != null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot drop the deleted topic {0} yet: {1}",
                    topic,
                    failure.getMessage());
            last.set(null);
        }
    }

    /**
     * An open segment is taken once. One that is to be sealed has been taken before, if it was lost
     * in this very life: the rollover is joined by whoever starts it again.
     */
    private void take(ClusterMetadata view, TopicMetadata topic, SegmentMetadata open) {
        StoredSegment segment = Stored.segment(topic, open.number());
        if (open.state() == SegmentState.SEALING) {
            rollover.start(segment.id());
            return;
        }
        if (!opened.add(segment)) {
            return;
        }
        if (!self.opened(open)) {
            rollover.start(segment.id())
                    .whenComplete((done, failure) -> forgetIf(failure, segment));
            return;
        }
        var quorum = DurableQuorum.of(self.nodeId(), open.replicas(), view.ackQuorum());
        store.openSegment(segment, open.epoch(), quorum)
                .whenComplete(
                        (done, failure) -> {
                            forgetIf(failure, segment);
                            topicChanged.accept(topic.name());
                        });
    }

    /** A failed step is tried again with the next change, of whatever topic, or by the monitor. */
    private void forgetIf(Throwable failure, StoredSegment segment) {
        if (failure != null) {
            opened.remove(segment);
            failed.add(segment.topic().name());
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot take over {0} yet: {1}",
                    segment,
                    failure.getMessage());
        }
    }
}
