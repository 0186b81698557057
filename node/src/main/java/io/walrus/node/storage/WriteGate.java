package io.walrus.node.storage;

import io.walrus.metadata.SegmentId;

/**
 * Says at the moment of a write, and once more before its ack, whether this node may write a
 * segment.
 *
 * <p>Called on storage and engine threads; an answer is computed from the current view and the
 * lease deadline and never blocks.
 */
@FunctionalInterface
public interface WriteGate {

    /**
     * True while this node leads {@code segment} under {@code epoch} and its lease runs on its own
     * monotonic clock.
     */
    boolean mayWrite(SegmentId segment, long epoch);
}
