package io.walrus.bench.child;

import io.walrus.bench.engine.Lane;
import io.walrus.bench.engine.Ledger;
import io.walrus.bench.engine.LogEngine;
import io.walrus.bench.engine.Payloads;
import java.util.concurrent.Semaphore;

/** Writes a known amount into the topics of an engine, in turn, as fast as one thread can. */
final class Filler {
    private static final int IN_FLIGHT_MAX = 1000;

    private final Task task;
    private final Payloads payloads;
    private final Ledger ledger;

    Filler(Task task) {
        this.task = task;
        this.payloads = new Payloads(task.seed());
        this.ledger = new Ledger(task.topics(), payloads);
    }

    Ledger ledger() {
        return ledger;
    }

    Payloads payloads() {
        return payloads;
    }

    /** How many entries a filled topic has. */
    static long entriesPerTopic(Task task) {
        return task.entriesPerTopic() > 0
                ? task.entriesPerTopic()
                : Math.max(1, task.fillBytes() / Payloads.BYTES_MEAN / task.topics());
    }

    /** Appends one by one: the durability of the engine is waited for each time. */
    void fill(LogEngine engine) throws Exception {
        long entries = entriesPerTopic(task);
        for (int topic = 0; topic < task.topics(); topic++) {
            try (Lane lane = engine.lane(topic)) {
                for (long i = 0; i < entries; i++) {
                    lane.append(payloads.at(topic, i));
                }
            }
            ledger.acknowledged(topic, entries);
        }
    }

    /** Appends with many in flight: quick even where each entry must be durable. */
    void fillInFlight(LogEngine engine) throws Exception {
        long entries = entriesPerTopic(task);
        Semaphore room = new Semaphore(IN_FLIGHT_MAX);
        Meter failures = new Meter(0);
        for (int topic = 0; topic < task.topics(); topic++) {
            try (Lane lane = engine.lane(topic)) {
                for (long i = 0; i < entries; i++) {
                    room.acquire();
                    lane.appendAsync(
                            payloads.at(topic, i),
                            failure -> {
                                if (failure != null) {
                                    failures.failed(failure);
                                }
                                room.release();
                            });
                }
                room.acquire(IN_FLIGHT_MAX);
                room.release(IN_FLIGHT_MAX);
            }
            ledger.acknowledged(topic, entries);
        }
        failures.join();
    }
}
