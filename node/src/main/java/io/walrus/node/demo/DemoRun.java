package io.walrus.node.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The story of the demonstration, in the order in which it happens. Runs once, on one thread, and
 * blocks.
 *
 * <p>What the killed node had in flight is not sent again blindly: the restarted node is asked how
 * much it holds, and the stream goes on from there.
 */
final class DemoRun implements AutoCloseable {

    static final String TOPIC = "demo";
    private static final int IN_FLIGHT_MAX = 1_000;
    private static final long ANSWER_SECONDS_MAX = 60;

    private final DemoSource source;
    private final Path dataDir;
    private final DemoProgress progress;
    private final Vertx vertx = Vertx.vertx();
    private NodeProcess node;
    private WalrusClient client;

    DemoRun(DemoSource source, Path dataDir, DemoProgress progress) {
        this.source = source;
        this.dataDir = dataDir;
        this.progress = progress;
    }

    DemoReport play() throws IOException {
        startNode();
        await(client.register(TOPIC));
        Duration firstStart = node.readyAfter();
        long pid = node.pid();

        long streamStarted = System.nanoTime();
        int half = Math.max(1, source.entries().size() / 2);
        int acked = streamAndKill(half);
        Duration firstHalf = since(streamStarted);

        startNode();
        Duration recovery = node.readyAfter();
        int stored = (int) storedEntries();
        if (stored < acked) {
            throw new IOException(
                    "the node lost acknowledged entries: %d were acked, %d are there"
                            .formatted(acked, stored));
        }
        long restStarted = System.nanoTime();
        stream(stored, source.entries().size());
        Duration writing = firstHalf.plus(since(restStarted));

        long readStarted = System.nanoTime();
        List<String> digests = readBack();
        return new DemoReport(
                source,
                digests,
                acked,
                stored,
                pid,
                firstStart,
                recovery,
                writing,
                since(readStarted));
    }

    private void startNode() throws IOException {
        progress.says("starting a node on " + dataDir);
        node = NodeProcess.start(dataDir);
        client =
                WalrusClient.create(
                        vertx,
                        new WalrusClientOptions()
                                .setAddresses(List.of("127.0.0.1:" + node.clientPort())));
        progress.says(
                "node (pid %d) is ready after %d ms on port %d"
                        .formatted(node.pid(), node.readyAfter().toMillis(), node.clientPort()));
    }

    /**
     * Streams until half of the entries are acked and kills the process while requests are in
     * flight; returns how many were acked.
     */
    private int streamAndKill(int half) throws IOException {
        var acked = new AtomicInteger();
        var reached = new CountDownLatch(1);
        var room = new Semaphore(IN_FLIGHT_MAX);
        progress.begins("writing", source.entries().size());
        for (int i = 0; i < source.entries().size() && reached.getCount() > 0; i++) {
            acquire(room);
            client.put(TOPIC, source.entries().get(i))
                    .onSuccess(
                            ok -> {
                                progress.step(1);
                                if (acked.incrementAndGet() >= half) {
                                    reached.countDown();
                                }
                            })
                    .onComplete(done -> room.release());
        }
        await(reached);
        node.kill();
        progress.says("killed the node's process (SIGKILL) with requests in flight");
        client.close().otherwiseEmpty().toCompletionStage().toCompletableFuture().join();
        return acked.get();
    }

    private static void await(CountDownLatch reached) throws IOException {
        try {
            if (!reached.await(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("no answer within " + ANSWER_SECONDS_MAX + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /**
     * A restarted node seals what it led before; the sum of its sealed segments is what it kept.
     */
    private long storedEntries() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS_MAX);
        while (System.nanoTime() < deadline) {
            JsonObject state = await(client.state(TOPIC));
            JsonObject sealed = state.getJsonObject("sealed_segments");
            if (sealed.size() == state.getInteger("current_segment") - 1 && !sealed.isEmpty()) {
                return sealed.stream().mapToLong(e -> ((Number) e.getValue()).longValue()).sum();
            }
            awaitTick();
        }
        throw new IOException("the restarted node did not seal what it led before");
    }

    private void awaitTick() {
        var tick = new CountDownLatch(1);
        vertx.setTimer(20, done -> tick.countDown());
        try {
            tick.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException(interrupted);
        }
    }

    private void stream(int from, int to) throws IOException {
        var room = new Semaphore(IN_FLIGHT_MAX);
        var failure = new AtomicReference<Throwable>();
        progress.says("going on at entry " + from);
        for (int i = from; i < to && failure.get() == null; i++) {
            acquire(room);
            client.put(TOPIC, source.entries().get(i))
                    .onSuccess(ok -> progress.step(1))
                    .onFailure(failure::set)
                    .onComplete(done -> room.release());
        }
        acquire(room, IN_FLIGHT_MAX);
        progress.ends();
        if (failure.get() != null) {
            throw new IOException("an append failed: " + failure.get().getMessage(), failure.get());
        }
    }

    /** Takes every entry at the shared cursor, in order, and returns one digest for each file. */
    private List<String> readBack() throws IOException {
        progress.begins("reading", source.entries().size());
        var digests = new ArrayList<String>();
        for (DemoSource.DemoFile file : source.files()) {
            MessageDigest sha256 = DemoSource.sha256();
            for (int left = file.entries(); left > 0; ) {
                int window = Math.min(left, IN_FLIGHT_MAX);
                for (Buffer entry : take(window)) {
                    sha256.update(entry.getBytes());
                }
                left -= window;
            }
            digests.add(HexFormat.of().formatHex(sha256.digest()));
        }
        progress.ends();
        if (!await(client.get(TOPIC)).isEmpty()) {
            throw new IOException("the topic holds more entries than were sent");
        }
        return digests;
    }

    private List<Buffer> take(int count) throws IOException {
        var asked = new ArrayList<Future<java.util.Optional<Buffer>>>(count);
        for (int i = 0; i < count; i++) {
            asked.add(client.get(TOPIC));
        }
        var taken = new ArrayList<Buffer>(count);
        for (Future<java.util.Optional<Buffer>> answer : asked) {
            taken.add(
                    await(answer)
                            .orElseThrow(
                                    () -> new IOException("the topic ends before the last entry")));
            progress.step(1);
        }
        return taken;
    }

    private static void acquire(Semaphore room) throws IOException {
        acquire(room, 1);
    }

    private static void acquire(Semaphore room, int permits) throws IOException {
        try {
            if (!room.tryAcquire(permits, ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("no answer within " + ANSWER_SECONDS_MAX + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static <T> T await(Future<T> answer) throws IOException {
        try {
            return answer.toCompletionStage()
                    .toCompletableFuture()
                    .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new IOException(failed.getCause().getMessage(), failed.getCause());
        } catch (java.util.concurrent.TimeoutException late) {
            throw new IOException("no answer within " + ANSWER_SECONDS_MAX + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static Duration since(long startedNanos) {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    @Override
    public void close() {
        if (client != null) {
            client.close().otherwiseEmpty().toCompletionStage().toCompletableFuture().join();
        }
        if (node != null) {
            node.close();
        }
        vertx.close().otherwiseEmpty().toCompletionStage().toCompletableFuture().join();
    }
}
