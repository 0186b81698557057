package io.walrus.metadata.lease;

import io.walrus.metadata.SegmentId;

/** The answer to "may this node write that topic now?". */
public sealed interface LeaseVerdict {

    /**
     * Yes: to that segment, under that epoch, until the deadline on this node's own monotonic
     * clock. Ask again before the ack.
     */
    record Held(SegmentId segment, long epoch, long deadlineNanos) implements LeaseVerdict {}

    /** No: another node writes the open segment. */
    record NotLeader(int leader, SegmentId segment) implements LeaseVerdict {}

    /**
     * No: the segment is this node's, but its lease ran out; it may come back with the next
     * heartbeat, or be given away.
     */
    record Expired(SegmentId segment, long epoch) implements LeaseVerdict {}

    /**
     * No, never again: this node led the segment before it was restarted or lost its store; it must
     * be sealed and rolled over.
     */
    record Outlived(SegmentId segment, long epoch) implements LeaseVerdict {}

    /** No: the last segment is being sealed and the next one is not open yet. */
    record Sealing(SegmentId segment) implements LeaseVerdict {}

    /** No: the segment is frozen; the topic's open segment is another one. */
    record Sealed(SegmentId segment) implements LeaseVerdict {}

    /** No: there is no such topic, or it has no such segment. */
    record NoTopic(String topic) implements LeaseVerdict {}

    /** Whether the answer is yes. */
    default boolean isHeld() {
        return this instanceof Held;
    }
}
