package io.walrus.metadata.lease;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import java.util.Optional;

/** Says whether a holder may write: the one home of the lease check. Pure. */
public final class LeaseGate {
    private LeaseGate() {}

    /**
     * May the holder append to the topic's open segment?
     *
     * @param deadlineNanos the holder's deadline, read together with or before the view
     * @param nowNanos the same monotonic clock, now
     */
    public static LeaseVerdict check(
            ClusterMetadata view,
            String topic,
            LeaseHolder holder,
            long deadlineNanos,
            long nowNanos) {
        Optional<TopicMetadata> found = view.topic(topic);
        return found.isEmpty()
                ? new LeaseVerdict.NoTopic(topic)
                : verdict(topic, found.get().lastSegment(), holder, deadlineNanos, nowNanos);
    }

    /**
     * May the holder append to, or still acknowledge in, exactly that segment?
     *
     * @param deadlineNanos the holder's deadline, read together with or before the view
     * @param nowNanos the same monotonic clock, now
     */
    public static LeaseVerdict check(
            ClusterMetadata view,
            SegmentId segment,
            LeaseHolder holder,
            long deadlineNanos,
            long nowNanos) {
        Optional<SegmentMetadata> found = view.segment(segment);
        return found.isEmpty()
                ? new LeaseVerdict.NoTopic(segment.topic())
                : verdict(segment.topic(), found.get(), holder, deadlineNanos, nowNanos);
    }

    private static LeaseVerdict verdict(
            String topic,
            SegmentMetadata segment,
            LeaseHolder holder,
            long deadlineNanos,
            long nowNanos) {
        SegmentId id = new SegmentId(topic, segment.number());
        if (segment.state() == SegmentState.SEALED) {
            return new LeaseVerdict.Sealed(id);
        }
        if (segment.state() == SegmentState.SEALING) {
            return new LeaseVerdict.Sealing(id);
        }
        if (segment.leaderNode() != holder.nodeId()) {
            return new LeaseVerdict.NotLeader(segment.leaderNode(), id);
        }
        if (!holder.opened(segment)) {
            return new LeaseVerdict.Outlived(id, segment.epoch());
        }
        return LeaseTerms.isReached(deadlineNanos, nowNanos)
                ? new LeaseVerdict.Expired(id, segment.epoch())
                : new LeaseVerdict.Held(id, segment.epoch(), deadlineNanos);
    }
}
