package io.walrus.node.routing;

import java.nio.ByteBuffer;
import java.util.List;

/** Entries on their way, with the deadline until which they may wait for a leader. */
record PendingAppend(
        List<ByteBuffer> payloads, boolean isAtomic, long deadlineNanos, AppendListener listener) {

    int count() {
        return payloads.size();
    }

    PendingAppend without(int settled) {
        return new PendingAppend(
                payloads.subList(settled, payloads.size()), isAtomic, deadlineNanos, listener);
    }

    void fail(Settlement.Failed failure) {
        listener.settled(count(), failure);
    }
}
