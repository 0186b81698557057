package io.walrus.bench.wire;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.TopicReaderOptions;
import io.walrus.client.TopicWriter;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import java.io.IOException;
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
        return List.of(writer(), follower());
    }

    private static WireRow writer() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus client", setting -> {
            try (Server node = Server.node(setting.dir(), Map.of(), "--fsync", "none"); Connected client = new Connected(node)) {
                return Load.perSecond(1, setting, (thread, clock, done) -> client.write(clock.start(), done));
            }
        });
        who.put("bare socket", setting -> {
            try (Server node = Server.node(setting.dir(), Map.of(), "--fsync", "none"); Driver driver = new Driver(node.port())) {
                driver.ask("REGISTER t");
                return Load.perSecond(1, setting, (thread, clock, done) -> driver.pipeline(Driver.frame("PUT", "t"), IN_FLIGHT, clock.start(), done));
            }
        });
        return new WireRow("writer", "entries of 1 KiB through a TopicWriter, one connection, 1,000 in flight, no sync", "entries/s", who, List.of(0.8), false);
    }

    private static WireRow follower() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus client", ClientRows::follow);
        return new WireRow("follower", "entries that a TopicReader had when the writer stopped, of all that were written meanwhile on a bare socket, 100 in flight", "part", who, List.of(0.95), false);
    }

    private static double follow(WireBench.Setting setting) throws Exception {
        try (Server node = Server.node(setting.dir(), Map.of(), "--fsync", "none");
                Driver driver = new Driver(node.port());
                Connected client = new Connected(node)) {
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
            client.register("t").toCompletionStage().toCompletableFuture().join();
        }

        /** Writes from the event loop until the deadline, as an application would, with the stream's own back-pressure. */
        void write(long deadlineNanos, LongConsumer done) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            vertx.runOnContext(start -> {
                TopicWriter writer = client.writer("t");
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
