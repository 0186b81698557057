package io.walrus.node.routing;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Entries on their way, with the deadline until which they may wait for a leader.
 *
 * @param isAtomic all of them in one segment, or none
 * @param isRouted another node sent them here: they are taken or refused at once, never sent on
 */
record PendingAppend(
        List<ByteBuffer> payloads,
        boolean isAtomic,
        boolean isRouted,
        long deadlineNanos,
        AppendListener listener) {

    int count() {
        return payloads.size();
    }

    PendingAppend without(int settled) {
        return settled == 0
                ? this
                : new PendingAppend(
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
