package io.walrus.bench.child;

import io.walrus.bench.engine.Engines;
import io.walrus.bench.engine.Lane;
import io.walrus.bench.engine.Ledger;
import io.walrus.bench.engine.LogEngine;
import io.walrus.bench.engine.Payloads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Few threads keep many appends in flight: each acknowledgement of a topic, handed to the thread that owns the topic, is
 * followed by its next append. This is how an event loop drives a log.
 */
final class FlightRun {
    private final Task task;
    private final Payloads payloads;
    private final Ledger ledger;
    private final Meter meter;
    private final Latencies latencies;

    FlightRun(Task task) {
        this.task = task;
        this.payloads = new Payloads(task.seed());
        this.ledger = new Ledger(task.topics(), payloads);
        this.meter = new Meter(task.threads());
        this.latencies = new Latencies(task.threads());
    }

    Findings run() throws Exception {
        Findings findings = new Findings();
        try (LogEngine engine = Engines.open(task.engine(), task.setup())) {
            Lane[] lanes = new Lane[task.topics()];
            for (int topic = 0; topic < lanes.length; topic++) {
                lanes[topic] = engine.lane(topic);
            }
            for (int i = 0; i < task.threads(); i++) {
                Driver driver = new Driver(i, lanes);
                meter.start("driver-" + i, driver::run);
            }
            meter.measure(task).into(findings);
            for (Lane lane : lanes) {
                lane.close();
            }
        }
        latencies.into(findings);
        Proof.allThere(task, ledger, findings);
        return findings;
    }

    /** One append on its way; the object is the message that comes back. */
    private static final class Flight {
        private final int topic;
        private long startNanos;

        Flight(int topic) {
            this.topic = topic;
        }
    }

    private final class Driver {
        private final int number;
        private final Lane[] lanes;
        private final long[] acked = new long[task.topics()];
        private final long[] sent = new long[task.topics()];
        private final Queue<Flight> landed = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean asleep = new AtomicBoolean();
        private volatile Thread thread;
        private long total;
        private int inFlight;

        Driver(int number, Lane[] lanes) {
            this.number = number;
            this.lanes = lanes;
        }

        void run() throws Exception {
            thread = Thread.currentThread();
            for (int topic = number; topic < lanes.length; topic += task.threads()) {
                for (int i = 0; i < task.inFlight(); i++) {
                    send(new Flight(topic));
                }
            }
            while (inFlight > 0) {
                Flight flight = next();
                inFlight--;
                acked[flight.topic]++;
                if (meter.measuring()) {
                    latencies.record(number, System.nanoTime() - flight.startNanos);
                }
                meter.count(number, ++total);
                if (!meter.stopped()) {
                    send(flight);
                }
            }
            for (int topic = number; topic < lanes.length; topic += task.threads()) {
                ledger.acknowledged(topic, acked[topic]);
            }
        }

        private void send(Flight flight) throws Exception {
            inFlight++;
            flight.startNanos = System.nanoTime();
            byte[] payload = payloads.at(flight.topic, sent[flight.topic]++);
            lanes[flight.topic].appendAsync(payload, failure -> land(flight, failure));
        }

        private void land(Flight flight, Throwable failure) {
            if (failure != null) {
                meter.failed(failure);
            }
            landed.add(flight);
            if (asleep.get() && asleep.compareAndSet(true, false)) {
                LockSupport.unpark(thread);
            }
        }

        private Flight next() {
            Flight flight = landed.poll();
            while (flight == null) {
                asleep.set(true);
                flight = landed.poll();
                if (flight == null) {
                    LockSupport.park(this);
                    flight = landed.poll();
                }
            }
            asleep.set(false);
            return flight;
        }
    }
}
