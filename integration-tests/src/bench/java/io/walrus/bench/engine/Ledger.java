package io.walrus.bench.engine;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/** What was acknowledged, per topic, to be compared with what can be read back. Safe for all threads. */
public final class Ledger {
    private final Payloads payloads;
    private final AtomicLongArray counts;

    public Ledger(int topics, Payloads payloads) {
        this.counts = new AtomicLongArray(topics);
        this.payloads = payloads;
    }

    public void acknowledged(int topic, long count) {
        counts.set(topic, count);
    }

    public int topics() {
        return counts.length();
    }

    public long count(int topic) {
        return counts.get(topic);
    }

    public long total() {
        long sum = 0;
        for (int topic = 0; topic < topics(); topic++) {
            sum += count(topic);
        }
        return sum;
    }

    /** Whether the payload is, byte for byte, number {@code index} of the topic. */
    public boolean matches(int topic, long index, ByteBuffer payload) {
        byte[] expected = payloads.at(topic, index);
        return payload.remaining() == expected.length
                && payload.mismatch(ByteBuffer.wrap(expected)) < 0;
    }

    /** A visitor that checks one topic from its first entry on. */
    Checker checker(int topic) {
        return new Checker(topic);
    }

    /** Counts the acknowledged entries of one topic that come back unchanged and in order. */
    final class Checker implements Visitor {
        private final int topic;
        private long next;
        private long good;

        private Checker(int topic) {
            this.topic = topic;
        }

        @Override
        public void see(ByteBuffer payload) {
            if (next < count(topic) && matches(topic, next, payload)) {
                good++;
            }
            next++;
        }

        long good() {
            return good;
        }
    }
}
