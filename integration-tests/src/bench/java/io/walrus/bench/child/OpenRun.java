package io.walrus.bench.child;

import io.walrus.bench.engine.Engines;
import io.walrus.bench.engine.Ledger;
import io.walrus.bench.engine.LogEngine;
import io.walrus.bench.engine.Payloads;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** Opens what an earlier child left, and tells how long that took and how much heap it holds; then checks every count. */
final class OpenRun {
    private final Task task;

    OpenRun(Task task) {
        this.task = task;
    }

    Findings run() throws Exception {
        Findings findings = new Findings();
        long start = System.nanoTime();
        try (LogEngine engine = Engines.open(task.engine(), task.setup())) {
            findings.put("openMillis", (System.nanoTime() - start) / 1e6);
            if (engine.topicCount() != task.topics()) {
                throw new IllegalStateException(
                        task.engine() + " knows " + engine.topicCount() + " topics of " + task.topics());
            }
            checkCounts(engine, findings);
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            findings.put("heapUsedMib", (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0)
                    .put("heapPeakMib", heapPeakBytes() / 1048576.0);
        }
        checkPayloads();
        return findings;
    }

    private void checkCounts(LogEngine engine, Findings findings) throws Exception {
        long start = System.nanoTime();
        long entries = 0;
        for (int topic = 0; topic < task.topics(); topic++) {
            long count = engine.entryCount(topic);
            if (count < Filler.entriesPerTopic(task)) {
                throw new IllegalStateException(
                        "topic " + topic + " has " + count + " of " + Filler.entriesPerTopic(task) + " entries");
            }
            entries += count;
        }
        findings.put("entries", entries).put("firstUseMillis", (System.nanoTime() - start) / 1e6);
    }

    private void checkPayloads() throws Exception {
        Ledger ledger = new Ledger(task.topics(), new Payloads(task.seed()));
        for (int topic = 0; topic < task.topics(); topic++) {
            ledger.acknowledged(topic, Filler.entriesPerTopic(task));
        }
        Proof.allThere(task, ledger, new Findings());
    }

    private static long heapPeakBytes() {
        long sum = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                sum += pool.getPeakUsage().getUsed();
            }
        }
        return sum;
    }
}
