package io.walrus.bench.child;

import io.walrus.bench.engine.Durability;
import io.walrus.bench.engine.Engines;
import io.walrus.bench.engine.Ledger;
import io.walrus.bench.engine.LogEngine;
import io.walrus.bench.engine.Taker;

/** Fills the topics, consumes them with a thread each, then reopens and checks that every cursor stands where it should. */
final class ConsumeRun {
    private final Task task;
    private final Filler filler;
    private final Ledger ledger;
    private final Meter meter;
    private final long[] taken;

    ConsumeRun(Task task) {
        this.task = task;
        this.filler = new Filler(task);
        this.ledger = filler.ledger();
        this.meter = new Meter(task.topics());
        this.taken = new long[task.topics()];
    }

    Findings run() throws Exception {
        Findings findings = new Findings();
        try (LogEngine engine = Engines.open(task.engine(), task.setup().with(Durability.NONE))) {
            filler.fill(engine);
        }
        try (LogEngine engine = Engines.open(task.engine(), task.setup())) {
            for (int i = 0; i < task.topics(); i++) {
                int topic = i;
                Taker taker = engine.taker(topic);
                meter.start("consume-" + topic, () -> consume(topic, taker));
            }
            // Ends while all consumers still have something to take.
            meter.measure(task, ledger.total() * 9 / 10).into(findings);
        }
        try (LogEngine engine = Engines.open(task.engine(), task.setup())) {
            for (int topic = 0; topic < task.topics(); topic++) {
                checkCursor(topic, engine.taker(topic));
            }
        }
        return findings;
    }

    private void consume(int topic, Taker taker) throws Exception {
        long[] count = {0};
        while (!meter.stopped()) {
            int got =
                    taker.take(
                            payload -> {
                                if (!ledger.matches(topic, count[0], payload)) {
                                    throw new IllegalStateException("topic " + topic + " gave another entry than " + count[0]);
                                }
                                count[0]++;
                            });
            if (got == 0) {
                meter.drained();
                break;
            }
            meter.count(topic, count[0]);
        }
        taken[topic] = count[0];
    }

    /** After a restart the next entry is the one after the last that was handed out. */
    private void checkCursor(int topic, Taker taker) throws Exception {
        boolean[] first = {true};
        int got =
                taker.take(
                        payload -> {
                            if (first[0] && !ledger.matches(topic, taken[topic], payload)) {
                                throw new IllegalStateException(
                                        "topic " + topic + " went on at another entry than " + taken[topic] + " after reopening");
                            }
                            first[0] = false;
                        });
        if (got == 0 && taken[topic] < ledger.count(topic)) {
            throw new IllegalStateException("topic " + topic + " says it is empty at " + taken[topic]);
        }
    }
}
