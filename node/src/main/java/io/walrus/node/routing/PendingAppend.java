package io.walrus.node.routing;

import io.walrus.node.storage.ProducerMark;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Entries on their way, with the deadline until which they may wait for a leader.
 *
 * @param sequence place in the lane of its topic
 * @param isAtomic all of them in one segment, or none
 * @param isRouted another node sent them here: they are taken or refused, never sent on
 * @param onlySegment the segment that the sender means; 0: whichever is open
 * @param mark whose entries these are, if they are numbered
 */
record PendingAppend(
        long sequence,
        List<ByteBuffer> payloads,
        boolean isAtomic,
        boolean isRouted,
        int onlySegment,
        ProducerMark mark,
        long deadlineNanos,
        AppendListener listener) {

    /** Entries of a client of this node, that have no place in a lane yet. */
    static PendingAppend own(
            List<ByteBuffer> payloads,
            boolean isAtomic,
            long deadlineNanos,
            AppendListener listener) {
        return new PendingAppend(
                0, payloads, isAtomic, false, 0, ProducerMark.NONE, deadlineNanos, listener);
    }

    /** Entries that another node sent, that have no place in a lane yet. */
    static PendingAppend arrived(
            List<ByteBuffer> payloads,
            boolean isAtomic,
            int onlySegment,
            long deadlineNanos,
            AppendListener listener) {
        return new PendingAppend(
                0,
                payloads,
                isAtomic,
                true,
                onlySegment,
                ProducerMark.NONE,
                deadlineNanos,
                listener);
    }

    /**
     * Entries that may be stored in one segment only and are numbered, that have no place in a lane
     * yet.
     */
    static PendingAppend numbered(
            List<ByteBuffer> payloads,
            boolean isAtomic,
            boolean isRouted,
            int onlySegment,
            ProducerMark mark,
            long deadlineNanos,
            AppendListener listener) {
        return new PendingAppend(
                0, payloads, isAtomic, isRouted, onlySegment, mark, deadlineNanos, listener);
    }

    PendingAppend numbered(long number) {
        return new PendingAppend(
                number, payloads, isAtomic, isRouted, onlySegment, mark, deadlineNanos, listener);
    }

    /** What is not stored in the segment that it is meant for goes back to its sender. */
    boolean goesBack() {
        return isRouted || onlySegment > 0;
    }

    int count() {
        return payloads.size();
    }

    PendingAppend without(int settled) {
        return settled == 0
                ? this
                : new PendingAppend(
                        sequence,
                        payloads.subList(settled, payloads.size()),
                        isAtomic,
                        isRouted,
                        onlySegment,
                        mark.plus(settled),
                        deadlineNanos,
                        listener);
    }

    void settle(int count, Settlement settlement) {
        listener.settled(count, settlement);
    }

    void fail(Settlement.Failed failure) {
        listener.settled(count(), failure);
    }
}
