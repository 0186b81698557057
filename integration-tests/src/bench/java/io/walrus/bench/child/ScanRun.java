package io.walrus.bench.child;

import io.walrus.bench.engine.Durability;
import io.walrus.bench.engine.Engines;
import io.walrus.bench.engine.LogEngine;

/** Fills one topic, reads it once to check and to warm up, then reads all of it again and again. */
final class ScanRun {
    private final Task task;

    ScanRun(Task task) {
        this.task = task;
    }

    Findings run() throws Exception {
        Findings findings = new Findings();
        Filler filler = new Filler(task);
        try (LogEngine engine = Engines.open(task.engine(), task.setup().with(Durability.NONE))) {
            filler.fill(engine);
        }
        Proof.allThere(task, filler.ledger(), findings);
        long entries = filler.ledger().total();
        try (LogEngine engine = Engines.open(task.engine(), task.setup())) {
            Meter meter = new Meter(1);
            meter.start("scan", () -> scan(engine, meter, entries));
            // Reading leaves no dirty pages: time alone ends it.
            meter.measure(task, Long.MAX_VALUE).into(findings);
        }
        return findings;
    }

    private static void scan(LogEngine engine, Meter meter, long expected) throws Exception {
        Sum sum = new Sum(meter);
        while (!meter.stopped()) {
            long before = sum.entries;
            long seen = engine.scan(0, payload -> sum.add(payload.remaining()));
            if (seen != expected || sum.entries - before != expected) {
                throw new IllegalStateException("a pass saw " + seen + " entries of " + expected);
            }
        }
    }

    /** Counts what passes by; looks at the shared counter only now and then. */
    private static final class Sum {
        private static final int PUBLISH_EVERY = 64;

        private final Meter meter;
        private long entries;
        private long bytes;

        Sum(Meter meter) {
            this.meter = meter;
        }

        void add(int length) {
            bytes += length;
            if (++entries % PUBLISH_EVERY == 0) {
                meter.count(0, entries);
            }
        }
    }
}
