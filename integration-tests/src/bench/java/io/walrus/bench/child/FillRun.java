package io.walrus.bench.child;

import io.walrus.bench.engine.Durability;
import io.walrus.bench.engine.Engines;
import io.walrus.bench.engine.Lane;
import io.walrus.bench.engine.LogEngine;

/** Fills an engine; then either closes it, or says so and goes on appending until the parent kills it. */
final class FillRun {
    private final Task task;

    FillRun(Task task) {
        this.task = task;
    }

    Findings run() throws Exception {
        Findings findings = new Findings();
        try (LogEngine engine = Engines.open(task.engine(), task.setup())) {
            Filler filler = new Filler(task);
            long start = System.nanoTime();
            if (task.durability() == Durability.EACH) {
                filler.fillInFlight(engine);
            } else {
                filler.fill(engine);
            }
            findings.put("fillSeconds", (System.nanoTime() - start) / 1e9)
                    .put("entries", filler.ledger().total());
            for (int topic = 0; topic < task.sealedTopics(); topic++) {
                engine.seal(topic);
            }
            if (!task.closes()) {
                System.out.println(findings.line());
                System.out.flush();
                appendUntilKilled(engine, filler);
            }
        }
        return findings;
    }

    private void appendUntilKilled(LogEngine engine, Filler filler) throws Exception {
        int topic = task.topics() - 1;
        long index = filler.ledger().count(topic);
        try (Lane lane = engine.lane(topic)) {
            while (true) {
                lane.append(filler.payloads().at(topic, index++));
            }
        }
    }
}
