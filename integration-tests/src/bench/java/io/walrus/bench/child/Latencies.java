package io.walrus.bench.child;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The times of single operations, one histogram per thread, merged at the end. */
final class Latencies {
    private static final long NANOS_MAX = TimeUnit.MINUTES.toNanos(5);

    private final Histogram[] perThread;

    Latencies(int threads) {
        perThread = new Histogram[threads];
        for (int i = 0; i < threads; i++) {
            perThread[i] = new Histogram(1_000, NANOS_MAX, 2);
        }
    }

    void record(int thread, long nanos) {
        perThread[thread].recordValue(Math.min(nanos, NANOS_MAX));
    }

    /** Call when the threads are done. */
    void into(Findings findings) {
        Histogram all = new Histogram(1_000, NANOS_MAX, 2);
        for (Histogram one : perThread) {
            all.add(one);
        }
        if (all.getTotalCount() > 0) {
            findings.put("p50Micros", all.getValueAtPercentile(50) / 1e3)
                    .put("p99Micros", all.getValueAtPercentile(99) / 1e3);
        }
    }
}
