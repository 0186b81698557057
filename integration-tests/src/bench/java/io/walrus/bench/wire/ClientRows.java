package io.walrus.bench.wire;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.TopicReaderOptions;
import io.walrus.client.TopicWriter;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** The client beside a bare socket, in the same process and against the same node. */
final class ClientRows {
    private static final int IN_FLIGHT = 1_000;

    /** What a writer counts for an entry of 1 KiB. */
    private static final int QUEUED_BYTES = 1_024 + 64;

    private static final int FOLLOWED_IN_FLIGHT = 100;
    private static final long LOOK_NANOS = 1_000_000;

    private ClientRows() {}

    static List<WireRow> all() {
        return List.of(writer(), freshWriter(), follower());
    }

    private static WireRow writer() {
        return new WireRow("writer", "entries of 1 KiB through a TopicWriter, one connection, 1,000 in flight, no sync, one node for all runs", "entries/s", OneNode::new, List.of(0.8), false);
    }

    /** What an application gets in its first seconds: whoever has more code has more to compile. */
    private static WireRow freshWriter() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus client", setting -> {
            try (Server node = node(setting.dir()); Connected client = new Connected(node)) {
                return client.score(setting, "t");
            }
        });
        who.put("bare socket", setting -> {
            try (Server node = node(setting.dir()); Driver driver = new Driver(node.port())) {
                return score(driver, setting, "t");
            }
        });
        return new WireRow("writer-fresh", "the same with a fresh node for each run, and a fresh client", "entries/s", who, List.of(), false);
    }

    /** Its segments end in no run: a node syncs what it seals, and whoever is there then would measure the disk. */
    private static Server node(Path dir) throws IOException {
        return Server.node(dir, Map.of("WALRUS_MAX_SEGMENT_ENTRIES", "1000000000", "WALRUS_MAX_SEGMENT_BYTES", "1000000000000"), "--fsync", "none");
    }

    private static double score(Driver driver, WireBench.Setting setting, String topic) throws Exception {
        driver.ask("REGISTER " + topic);
        return Load.perSecond(1, setting, (thread, clock, done) -> driver.pipeline(Driver.frame("PUT", topic), IN_FLIGHT, clock.start(), done));
    }

    /** One node, one client and one socket for all runs; each run has a topic of its own, whose files go behind it. */
    private static final class OneNode implements WireRow.Stage {
        private final Server node;
        private final Connected client;
        private final Driver driver;
        private int runs;

        OneNode(Path dir) throws IOException {
            node = node(dir);
            client = new Connected(node);
            driver = new Driver(node.port());
        }

        @Override
        public Map<String, WireRow.Script> contestants() {
            Map<String, WireRow.Script> who = new LinkedHashMap<>();
            who.put("walrus client", setting -> onOwnTopic(topic -> client.score(setting, topic)));
            who.put("bare socket", setting -> onOwnTopic(topic -> ClientRows.score(driver, setting, topic)));
            return who;
        }

        private double onOwnTopic(OnTopic run) throws Exception {
            String topic = "t" + ++runs;
            double score = run.score(topic);
            String deleted = driver.ask("DELETE " + topic);
            if (!deleted.equals("OK")) {
                throw new IOException("the server said: " + deleted);
            }
            return score;
        }

        @Override
        public boolean sharesServers() {
            return true;
        }

        @Override
        public void close() throws IOException {
            client.close();
            driver.close();
            node.close();
        }
    }

    private interface OnTopic {
        double score(String topic) throws Exception;
    }

    private static WireRow follower() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus client", ClientRows::follow);
        return new WireRow("follower", "entries that a TopicReader had when the writer stopped, of all that were written meanwhile on a bare socket, 100 in flight", "part", who, List.of(0.95), false);
    }

    private static double follow(WireBench.Setting setting) throws Exception {
        try (Server node = node(setting.dir());
                Driver driver = new Driver(node.port());
                Connected client = new Connected(node)) {
            driver.ask("REGISTER t");
            AtomicLong read = new AtomicLong();
            client.client.reader("t", new TopicReaderOptions()).handler(entry -> read.incrementAndGet());
            long before = write(driver, setting.warmupSeconds());
            while (read.get() < before) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            long written = write(driver, setting.seconds());
            return (read.get() - before) / (double) written;
        }
    }

    private static long write(Driver driver, double seconds) throws IOException {
        AtomicLong written = new AtomicLong();
        driver.pipeline(Driver.frame("PUT", "t"), FOLLOWED_IN_FLIGHT, System.nanoTime() + Load.nanos(seconds), written::addAndGet);
        return written.get();
    }

    /** A client and what it lives on. */
    private static final class Connected implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final WalrusClient client;
        private final Buffer payload = Buffer.buffer(new byte[1024]);

        Connected(Server node) {
            client = WalrusClient.create(vertx, new WalrusClientOptions().setAddresses("127.0.0.1:" + node.port()));
        }

        double score(WireBench.Setting setting, String topic) throws Exception {
            client.register(topic).toCompletionStage().toCompletableFuture().join();
            return Load.perSecond(1, setting, (thread, clock, done) -> write(topic, clock.start(), done));
        }

        /** Writes from the event loop until the deadline, as an application would, with the stream's own back-pressure. */
        private void write(String topic, long deadlineNanos, LongConsumer done) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            vertx.runOnContext(start -> {
                TopicWriter writer = client.writer(topic);
                writer.setWriteQueueMaxSize(IN_FLIGHT * QUEUED_BYTES);
                writer.exceptionHandler(over::completeExceptionally);
                go(writer, deadlineNanos, done, over);
            });
            over.join();
        }

        private void go(TopicWriter writer, long deadlineNanos, LongConsumer done, CompletableFuture<Void> over) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                writer.end().onSuccess(ended -> over.complete(null)).onFailure(over::completeExceptionally);
                return;
            }
            while (!writer.writeQueueFull()) {
                writer.write(payload).onSuccess(stored -> done.accept(1));
            }
            writer.drainHandler(drained -> go(writer, deadlineNanos, done, over));
        }

        @Override
        public void close() {
            client.close().eventually(vertx::close).toCompletionStage().toCompletableFuture().join();
        }
    }
}
