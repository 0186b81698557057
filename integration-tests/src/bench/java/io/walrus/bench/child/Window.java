package io.walrus.bench.child;

/** What happened between two looks at the counters. */
record Window(long operations, long nanos, long allocatedBytes, long cpuNanos) {
    void into(Findings findings) {
        double count = Math.max(1, operations);
        findings.put("rate", operations * 1e9 / nanos)
                .put("operations", operations)
                .put("seconds", nanos / 1e9)
                .put("allocatedBytesPerOperation", allocatedBytes / count)
                .put("cpuMicrosPerOperation", cpuNanos / 1e3 / count);
    }
}
