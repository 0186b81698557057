package io.walrus.cli;

import io.vertx.core.Future;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Sends lines as entries, many in flight, in order; stops at the first failure and tells what
 * became of the rest.
 *
 * <p>The reading thread blocks when {@value #IN_FLIGHT_MAX} lines or {@value #IN_FLIGHT_KIB_MAX}
 * KiB wait for their reply; replies come in on the client's event loop.
 */
final class LinePutter {

    static final int IN_FLIGHT_MAX = 4_096;
    static final int IN_FLIGHT_KIB_MAX = 16 << 10;

    private static final int KIB = 1_024;

    private final WalrusClient client;
    private final String topic;
    private final PutProgress progress;
    private final int batchMax;
    private final Pace pace;
    private final Semaphore lines = new Semaphore(IN_FLIGHT_MAX);
    private final Semaphore kibs = new Semaphore(IN_FLIGHT_KIB_MAX);

    // Guarded by this, for the length of a few assignments.
    private long sent;
    private long acked;
    private long unknown;
    private long failedLine;
    private WalrusClientException failure;

    LinePutter(WalrusClient client, String topic, PutProgress progress, int batchMax, Pace pace) {
        this.client = client;
        this.topic = topic;
        this.progress = progress;
        this.batchMax = batchMax;
        this.pace = pace;
    }

    /**
     * Sends every line and waits for the last reply; throws {@link CliFailure} if one was not
     * acknowledged.
     */
    void putAll(LineSource source) throws IOException {
        try {
            LineBatch batch = new LineBatch(1);
            for (byte[] line = source.next(); line != null && !hasFailed(); line = source.next()) {
                if (!batch.hasRoomFor(line, batchMax)) {
                    put(batch);
                    batch = new LineBatch(source.lineNumber());
                }
                batch.add(line);
                // Lines that are here already may share a request; nobody waits for one to come.
                if (batch.size() == batchMax || !source.hasMoreNow()) {
                    put(batch);
                    batch = new LineBatch(source.lineNumber() + 1);
                }
            }
            if (batch.size() > 0 && !hasFailed()) {
                put(batch);
            }
        } finally {
            lines.acquireUninterruptibly(IN_FLIGHT_MAX);
        }
        synchronized (this) {
            if (failure != null) {
                throw CliFailure.of(account() + "; line " + failedLine + ": ", failure);
            }
        }
    }

    /** How many lines became entries. */
    synchronized String account() {
        String text = acked + " of " + sent + " lines acknowledged";
        return unknown == 0 ? text : text + ", " + unknown + " may or may not be written";
    }

    private void put(LineBatch batch) {
        int count = batch.size();
        int weight = Math.min(IN_FLIGHT_KIB_MAX, count + batch.bytes() / KIB);
        pace.await(count);
        lines.acquireUninterruptibly(count);
        kibs.acquireUninterruptibly(weight);
        synchronized (this) {
            sent += count;
        }
        send(batch)
                .onComplete(
                        done -> {
                            settle(batch, done.cause());
                            progress.step(batch.textBytes());
                            kibs.release(weight);
                            lines.release(count);
                        });
    }

    private Future<?> send(LineBatch batch) {
        return batch.size() == 1
                ? client.put(topic, batch.lines().get(0))
                : client.appendBatch(topic, batch.lines());
    }

    private synchronized void settle(LineBatch batch, Throwable cause) {
        if (cause == null) {
            acked += batch.size();
            return;
        }
        WalrusClientException failed = (WalrusClientException) cause;
        unknown += failed.mayHaveHappened() ? batch.size() : 0;
        if (failure == null || batch.firstLine() < failedLine) {
            failure = failed;
            failedLine = batch.firstLine();
        }
    }

    private synchronized boolean hasFailed() {
        return failure != null;
    }
}
