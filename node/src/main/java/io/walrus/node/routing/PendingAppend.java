package io.walrus.node.routing;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Entries on their way, with the deadline until which they may wait for a leader.
 *
 * @param sequence place in the lane of its topic
 * @param isAtomic all of them in one segment, or none
 * @param isRouted another node sent them here: they are taken or refused at once, never sent on
 */
record PendingAppend(
        long sequence,
        List<ByteBuffer> payloads,
        boolean isAtomic,
        boolean isRouted,
        long deadlineNanos,
        AppendListener listener) {

    /** An append that has no place in a lane yet. */
    static PendingAppend of(
            List<ByteBuffer> payloads,
            boolean isAtomic,
            boolean isRouted,
            long deadlineNanos,
            AppendListener listener) {
        return new PendingAppend(0, payloads, isAtomic, isRouted, deadlineNanos, listener);
    }

    PendingAppend numbered(long number) {
        return new PendingAppend(number, payloads, isAtomic, isRouted, deadlineNanos, listener);
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
