package io.walrus.node.observe;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in buckets that grow by a quarter of a doubling, so that a percentile is right
 * to about a fifth. Any thread may count; the windows belong to one thread.
 */
final class LatencyCounts {

    private static final int STEPS_PER_DOUBLING = 4;
    private static final int BUCKETS = 64 * STEPS_PER_DOUBLING;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final long[] before = new long[BUCKETS];

    void record(long nanos) {
        counts.incrementAndGet(bucketOf(Math.max(1, nanos)));
    }

    /** What was counted since the window before. */
    Window window() {
        var window = new long[BUCKETS];
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            long now = counts.get(i);
            window[i] = now - before[i];
            before[i] = now;
            total += window[i];
        }
        return new Window(window, total);
    }

    /** The counts of one stretch of time. */
    static final class Window {
        private final long[] counts;
        private final long total;

        private Window(long[] counts, long total) {
            this.counts = counts;
            this.total = total;
        }

        /** The duration that so many of a thousand did not exceed, in nanoseconds; 0: none came. */
        long perMille(int perMille) {
            long wanted = (total * perMille + 999) / 1_000;
            long seen = 0;
            for (int i = 0; i < counts.length && total > 0; i++) {
                seen += counts[i];
                if (seen >= wanted) {
                    return upperBound(i);
                }
            }
            return 0;
        }
    }

    static int bucketOf(long nanos) {
        int doubling = 63 - Long.numberOfLeadingZeros(nanos);
        long rest = nanos - (1L << doubling);
        int step = (int) (rest * STEPS_PER_DOUBLING >>> doubling);
        return doubling * STEPS_PER_DOUBLING + Math.min(step, STEPS_PER_DOUBLING - 1);
    }

    static long upperBound(int bucket) {
        int doubling = bucket / STEPS_PER_DOUBLING;
        int step = bucket % STEPS_PER_DOUBLING + 1;
        return (1L << doubling) + ((1L << doubling) / STEPS_PER_DOUBLING) * step;
    }
}
