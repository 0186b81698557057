package io.walrus.it.cluster;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.Place;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.client.WalrusClientOptions;
import io.walrus.it.history.HistoryRecorder;
import io.walrus.it.history.HistoryRecorder.PutCall;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * A client whose appends are stored once, with some of each topic under way all the time, and its
 * history: it sends again what lost its reply, so the same value at two places is its mistake or
 * the cluster's. A thread for each topic keeps the order of its appends.
 */
final class OnceLoad implements AutoCloseable {

    private static final int IN_FLIGHT = 32;
    private static final long LOOK_MILLIS = 100;

    private final HistoryRecorder recorder;
    private final Supplier<String> values;
    private final long pauseNanos;
    private final int timeoutMillis;
    private final Vertx vertx = Vertx.vertx();
    private final WalrusClient client;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<String, AtomicInteger> ackedByTopic = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Thread, Semaphore> threads = new ConcurrentHashMap<>();

    /**
     * @param values gives each append a value that no other has
     * @param pauseNanos between two appends of a topic
     * @param timeoutMillis how long the client tries
     */
    OnceLoad(
            HurtCluster cluster,
            HistoryRecorder recorder,
            Supplier<String> values,
            long pauseNanos,
            int timeoutMillis) {
        this.recorder = recorder;
        this.values = values;
        this.pauseNanos = pauseNanos;
        this.timeoutMillis = timeoutMillis;
        this.client =
                WalrusClient.create(
                        vertx,
                        new WalrusClientOptions()
                                .setAddresses(
                                        cluster.ids().stream()
                                                .map(id -> "127.0.0.1:" + cluster.clientPort(id))
                                                .toList())
                                .setRequestTimeoutMillis(timeoutMillis));
    }

    void start(List<String> topics, IntSupplier clients) {
        for (String topic : topics) {
            int number = clients.getAsInt();
            ackedByTopic.put(topic, new AtomicInteger());
            var inFlight = new Semaphore(IN_FLIGHT);
            var thread = new Thread(() -> run(number, topic, inFlight), "once-" + topic);
            thread.setDaemon(true);
            threads.put(thread, inFlight);
            thread.start();
        }
    }

    private void run(int number, String topic, Semaphore inFlight) {
        try {
            while (!ended.get()) {
                if (inFlight.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    append(number, topic, inFlight);
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(int number, String topic, Semaphore inFlight) {
        String value = values.get();
        PutCall call = recorder.put(number, 0, topic, value);
        client.append(topic, Buffer.buffer(value))
                .onComplete(
                        answer -> {
                            tell(call, topic, answer);
                            inFlight.release();
                        });
    }

    private void tell(PutCall call, String topic, AsyncResult<Place> answer) {
        if (answer.succeeded()) {
            ackedByTopic.get(topic).incrementAndGet();
            call.ackedAt(placeOf(answer.result()));
        } else if (mayHaveHappened(answer.cause())) {
            open.incrementAndGet();
            call.unknown(answer.cause().getMessage());
        } else {
            call.refused(answer.cause().getMessage());
        }
    }

    private static io.walrus.it.history.Place placeOf(Place place) {
        return new io.walrus.it.history.Place(place.segment(), place.offset());
    }

    private static boolean mayHaveHappened(Throwable cause) {
        return !(cause instanceof WalrusClientException known) || known.mayHaveHappened();
    }

    /** How many appends of a topic were acknowledged so far. */
    int acked(String topic) {
        return ackedByTopic.get(topic).get();
    }

    /** How many appends were given up with an open outcome so far. */
    int open() {
        return open.get();
    }

    /** Appends no more; returns when all have their outcome. */
    void end() {
        ended.set(true);
        threads.forEach(this::awaitOutcomes);
    }

    private void awaitOutcomes(Thread thread, Semaphore inFlight) {
        try {
            thread.join();
            if (!inFlight.tryAcquire(IN_FLIGHT, 2L * timeoutMillis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "%s: %d appends have no outcome after twice their time-out"
                                .formatted(
                                        thread.getName(), IN_FLIGHT - inFlight.availablePermits()));
            }
            inFlight.release(IN_FLIGHT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.set(true);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
