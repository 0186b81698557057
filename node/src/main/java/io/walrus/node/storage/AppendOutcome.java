package io.walrus.node.storage;

import io.walrus.metadata.SegmentId;

/**
 * What became of one hand-over of entries.
 *
 * <p>The four kinds answer "may I retry?" and "may it have happened?" by themselves.
 */
public sealed interface AppendOutcome {

    /**
     * The first {@code count} entries are stored as the node's fsync policy promises, at {@code
     * [firstOffset, firstOffset + count)} of {@code segment}. Fewer than were handed over: the
     * segment is full, and the rest was not written.
     *
     * @param isRepeat they were there before and were not written again
     */
    record Appended(SegmentId segment, long firstOffset, int count, boolean isRepeat)
            implements AppendOutcome {

        /** Entries that were written. */
        public Appended(SegmentId segment, long firstOffset, int count) {
            this(segment, firstOffset, count, false);
        }

        /** Entries that came again, where their first try put them. */
        static Appended again(SegmentId segment, long firstOffset, int count) {
            return new Appended(segment, firstOffset, count, true);
        }
    }

    /**
     * Nothing was written: this segment takes no more entries from this node. Ask the router again.
     */
    record NotHere(SegmentId segment, String why) implements AppendOutcome {}

    /**
     * Nothing was written and another try would meet the same wall until somebody acts (a full
     * disk, say).
     */
    record Refused(String why, boolean diskFull) implements AppendOutcome {}

    /**
     * The entries may or may not be stored: a sync failed, or the lease ran out between the write
     * and the ack.
     */
    record Unknown(String why) implements AppendOutcome {}
}
