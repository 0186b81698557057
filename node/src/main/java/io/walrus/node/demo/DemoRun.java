package io.walrus.node.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.client.Place;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The story of the demonstration, in the order in which it happens. Runs once, on one thread, and
 * blocks.
 *
 * <p>Entries go in batches, one under way at a time and each all or nothing. So what the killed
 * node had in flight is one batch: once the node is back, the counts of the segments tell whether
 * it is in the log, and the stream goes on behind it.
 */
final class DemoRun implements AutoCloseable {

    static final String TOPIC = "demo";
    private static final int HOME = 1;
    private static final int SEGMENTS = 12;
    private static final int BATCH_ENTRIES_MAX = 500;
    private static final int BATCH_BYTES_MAX = 400 << 10;
    private static final int TAKE_ENTRIES_MAX = 1_000;
    private static final int TAKE_BYTES_MAX = 1 << 20;
    private static final int ANSWER_SECONDS_MAX = 60;
    private static final int LOOK_MILLIS = 5;

    private final DemoSource source;
    private final int batchEntriesMax;
    private final DemoProgress progress;
    private final DemoNodes nodes;
    private final Vertx vertx = Vertx.vertx();
    private WalrusClient client;
    private int written;
    private int segment;
    private int failuresLeft = 20;

    DemoRun(DemoSource source, Path home, DemoProgress progress) {
        this.source = source;
        this.batchEntriesMax =
                Math.min(
                        BATCH_ENTRIES_MAX,
                        Math.max(1, source.entries().size() / DemoSource.ENTRIES_MIN));
        this.progress = progress;
        this.nodes = new DemoNodes(home, Math.max(1, source.entries().size() / SEGMENTS));
    }

    DemoReport play() throws IOException {
        Duration firstStart = startNodes();
        await(client.register(TOPIC));
        long streamStarted = System.nanoTime();
        progress.begins("writing", source.entries().size());
        int half = source.entries().size() / 2;
        while (written < half) {
            writeOne();
        }
        int victim = victim();
        int acked = written;
        long pid = nodes.node(victim).pid();
        long killedNanos = System.nanoTime();
        boolean isKnown = killWhileWriting(victim);
        Duration failover = awaitOtherLeader(victim, killedNanos);
        Duration firstHalf = since(streamStarted);
        progress.says("starting node %d again".formatted(victim));
        Duration recovery = nodes.restart(victim).readyAfter();
        int stored = isKnown ? written : storedEntries();
        requireNothingLost(acked, stored);
        written = stored;
        progress.says("the log holds %d entries; going on behind them".formatted(stored));

        long restStarted = System.nanoTime();
        while (written < source.entries().size()) {
            writeOne();
        }
        progress.ends();
        Duration writing = firstHalf.plus(since(restStarted));
        String leaders = leaders();
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
                failover,
                leaders,
                writing,
                since(readStarted));
    }

    private Duration startNodes() throws IOException {
        long startedNanos = System.nanoTime();
        progress.says("starting three nodes, a process each");
        nodes.start();
        client =
                WalrusClient.create(
                        vertx,
                        new WalrusClientOptions()
                                .setStoredOnce(false)
                                .setAddresses(List.of("127.0.0.1:" + nodes.node(HOME).clientPort()))
                                .setRequestTimeoutMillis(ANSWER_SECONDS_MAX * 1_000));
        for (int id = 1; id <= DemoNodes.COUNT; id++) {
            progress.says(
                    "node %d is ready (pid %d, port %d)"
                            .formatted(id, nodes.node(id).pid(), nodes.node(id).clientPort()));
        }
        progress.says("all requests go to node 1, whoever leads");
        return since(startedNanos);
    }

    private List<Buffer> nextBatch() {
        var batch = new ArrayList<Buffer>();
        int bytes = 0;
        for (int i = written; i < source.entries().size(); i++) {
            Buffer entry = source.entries().get(i);
            boolean isFull =
                    batch.size() == batchEntriesMax || bytes + entry.length() > BATCH_BYTES_MAX;
            if (isFull && !batch.isEmpty()) {
                break;
            }
            batch.add(entry);
            bytes += entry.length();
        }
        return batch;
    }

    private void writeOne() throws IOException {
        List<Buffer> batch = nextBatch();
        Place place;
        try {
            place = await(client.appendBatch(TOPIC, batch));
        } catch (IOException unknown) {
            lookWhereItEnds(unknown);
            return;
        }
        acked(batch, place);
    }

    /** A busy machine may fail a batch without any kill: the log is asked, as after one. */
    private void lookWhereItEnds(IOException unknown) throws IOException {
        if (--failuresLeft == 0) {
            throw unknown;
        }
        progress.says("a batch failed (" + unknown.getMessage() + "); looking where the log ends");
        int stored = storedEntries();
        requireNothingLost(written, stored);
        written = stored;
    }

    private void acked(List<Buffer> batch, Place place) throws IOException {
        written += batch.size();
        progress.step(batch.size());
        if (place.segment() != segment) {
            segment = place.segment();
            progress.says("segment %2d is led by node %d".formatted(segment, leader()));
        }
    }

    private int leader() throws IOException {
        return await(client.state(TOPIC)).getInteger("leader_node");
    }

    /**
     * The leader, and not the node that this client talks to: that one gives the topic away first.
     */
    private int victim() throws IOException {
        int leader = leader();
        while (leader == HOME) {
            await(client.send(new Command.Roll(TOPIC)));
            requireMore();
            writeOne();
            leader = leader();
        }
        requireMore();
        return leader;
    }

    private void requireMore() throws IOException {
        if (written == source.entries().size()) {
            throw new IOException("the text ended before a node was killed; name a longer FILE");
        }
    }

    /** Kills a node while a batch is under way; true if its outcome is known. */
    private boolean killWhileWriting(int victim) throws IOException {
        List<Buffer> batch = nextBatch();
        Future<Place> underWay = client.appendBatch(TOPIC, batch);
        nodes.node(victim).kill();
        progress.says("killed node %d (SIGKILL) with a batch under way".formatted(victim));
        try {
            acked(batch, await(underWay));
            return true;
        } catch (IOException unknown) {
            progress.says("the batch has no answer: " + unknown.getMessage());
            return false;
        }
    }

    private Duration awaitOtherLeader(int dead, long killedNanos) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS_MAX);
        while (leader() == dead) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("no other node has taken the topic over");
            }
            pause();
        }
        Duration took = since(killedNanos);
        progress.says("node %d leads after %d ms".formatted(leader(), took.toMillis()));
        return took;
    }

    /**
     * Rolled over, every segment with entries is sealed at its exact count, once the node that led
     * it is there to count.
     */
    private int storedEntries() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS_MAX);
        while (System.nanoTime() - deadline < 0) {
            boolean isRolled = await(client.send(new Command.Roll(TOPIC))) instanceof Reply.Ok;
            JsonObject state = await(client.state(TOPIC));
            JsonObject sealed = state.getJsonObject("sealed_segments");
            if (isRolled && sealed.size() == state.getInteger("current_segment") - 1) {
                return sealed.stream().mapToInt(e -> ((Number) e.getValue()).intValue()).sum();
            }
            pause();
        }
        throw new IOException("the segments were not sealed in time");
    }

    private static void requireNothingLost(int acked, int stored) throws IOException {
        if (stored < acked) {
            throw new IOException(
                    "acknowledged entries were lost: %d were acked, %d are there"
                            .formatted(acked, stored));
        }
    }

    private String leaders() throws IOException {
        var count = new TreeMap<Integer, Integer>();
        await(client.state(TOPIC))
                .getJsonObject("segment_leaders")
                .forEach(e -> count.merge(((Number) e.getValue()).intValue(), 1, Integer::sum));
        return String.join(
                ", ",
                count.entrySet().stream()
                        .map(e -> "node %d: %d".formatted(e.getKey(), e.getValue()))
                        .toList());
    }

    private void pause() {
        var tick = new CountDownLatch(1);
        vertx.setTimer(LOOK_MILLIS, done -> tick.countDown());
        try {
            tick.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException(interrupted);
        }
    }

    /** Takes every entry at the shared cursor, in order, and returns one digest for each file. */
    private List<String> readBack() throws IOException {
        progress.begins("reading", source.entries().size());
        var digests = new ArrayList<String>();
        var taken = new ArrayDeque<Buffer>();
        for (DemoSource.DemoFile file : source.files()) {
            MessageDigest sha256 = DemoSource.sha256();
            for (int i = 0; i < file.entries(); i++) {
                if (taken.isEmpty()) {
                    taken.addAll(await(client.getBatch(TOPIC, TAKE_ENTRIES_MAX, TAKE_BYTES_MAX)));
                    progress.step(taken.size());
                }
                if (taken.isEmpty()) {
                    throw new IOException("the topic ends before the last entry");
                }
                sha256.update(taken.poll().getBytes());
            }
            digests.add(HexFormat.of().formatHex(sha256.digest()));
        }
        progress.ends();
        if (!taken.isEmpty() || await(client.get(TOPIC)).isPresent()) {
            throw new IOException("the topic holds more entries than were sent");
        }
        return digests;
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
        nodes.close();
        vertx.close().otherwiseEmpty().toCompletionStage().toCompletableFuture().join();
    }
}
