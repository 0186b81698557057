package io.walrus.it.disk;

import io.walrus.wal.WalException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the children told about one log, over all their lives; and the check of a log against it.
 */
final class Told {

    private final long[] ackedEnd;
    private final long[] deliveredEnd;
    private final List<WalException.Kind> refusals = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private long acks;

    Told(int topics) {
        ackedEnd = new long[topics];
        deliveredEnd = new long[topics];
    }

    int topics() {
        return ackedEnd.length;
    }

    synchronized void acked(int topic, long offset) {
        acks++;
        ackedEnd[topic] = offset + 1;
        notifyAll();
    }

    synchronized void delivered(int topic, long offset) {
        if (offset < deliveredEnd[topic]) {
            broken.add("DeliveredOnce: offset %d of topic %d again".formatted(offset, topic));
        }
        deliveredEnd[topic] = Math.max(deliveredEnd[topic], offset + 1);
    }

    synchronized void refused(WalException.Kind kind) {
        refusals.add(kind);
        notifyAll();
    }

    synchronized long acks() {
        return acks;
    }

    synchronized long ackedEnd(int topic) {
        return ackedEnd[topic];
    }

    synchronized List<WalException.Kind> refusals() {
        return List.copyOf(refusals);
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    /**
     * What was lost with the power, where the policy says that it may be, is not asked for again.
     */
    synchronized void lowerTo(int topic, long end) {
        ackedEnd[topic] = Math.min(ackedEnd[topic], end);
        deliveredEnd[topic] = Math.min(deliveredEnd[topic], end);
    }
}
