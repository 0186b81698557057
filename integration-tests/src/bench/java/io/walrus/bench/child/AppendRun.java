package io.walrus.bench.child;

import io.walrus.bench.engine.Durability;
import io.walrus.bench.engine.Engines;
import io.walrus.bench.engine.Lane;
import io.walrus.bench.engine.Ledger;
import io.walrus.bench.engine.LogEngine;
import io.walrus.bench.engine.Payloads;

/** A thread per topic appends one entry after the other, each waiting for what the durability asks. */
final class AppendRun {
    private final Task task;
    private final Payloads payloads;
    private final Ledger ledger;
    private final Meter meter;
    private final Latencies latencies;

    AppendRun(Task task) {
        if (task.threads() != task.topics()) {
            throw new IllegalArgumentException("one topic per thread: " + task.toArgs());
        }
        this.task = task;
        this.payloads = new Payloads(task.seed());
        this.ledger = new Ledger(task.topics(), payloads);
        this.meter = new Meter(task.threads());
        this.latencies = new Latencies(task.threads());
    }

    Findings run() throws Exception {
        Findings findings = new Findings();
        try (LogEngine engine = Engines.open(task.engine(), task.setup())) {
            // Looking at the clock twice would cost a fast append a few percent.
            boolean timed = task.durability() == Durability.EACH;
            for (int i = 0; i < task.threads(); i++) {
                int topic = i;
                Lane lane = engine.lane(topic);
                meter.start("append-" + topic, () -> append(topic, lane, timed));
            }
            meter.measure(task).into(findings);
        }
        latencies.into(findings);
        Proof.allThere(task, ledger, findings);
        return findings;
    }

    private void append(int topic, Lane lane, boolean timed) throws Exception {
        long appended = 0;
        try (lane) {
            while (!meter.stopped()) {
                byte[] payload = payloads.at(topic, appended);
                if (timed) {
                    long start = System.nanoTime();
                    lane.append(payload);
                    if (meter.measuring()) {
                        latencies.record(topic, System.nanoTime() - start);
                    }
                } else {
                    lane.append(payload);
                }
                meter.count(topic, ++appended);
            }
        }
        ledger.acknowledged(topic, appended);
    }
}
