package io.walrus.cli;

import io.vertx.core.buffer.Buffer;
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
    private final Semaphore lines = new Semaphore(IN_FLIGHT_MAX);
    private final Semaphore kibs = new Semaphore(IN_FLIGHT_KIB_MAX);

    // Guarded by this, for the length of a few assignments.
    private long sent;
    private long acked;
    private long unknown;
    private long failedLine;
    private WalrusClientException failure;

    LinePutter(WalrusClient client, String topic, PutProgress progress) {
        this.client = client;
        this.topic = topic;
        this.progress = progress;
    }

    /**
     * Sends every line and waits for the last reply; throws {@link CliFailure} if one was not
     * acknowledged.
     */
    void putAll(LineSource source) throws IOException {
        try {
            for (byte[] line = source.next(); line != null && !hasFailed(); line = source.next()) {
                put(line, source.lineNumber());
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

    private void put(byte[] line, long number) {
        int weight = Math.min(IN_FLIGHT_KIB_MAX, 1 + line.length / KIB);
        lines.acquireUninterruptibly();
        kibs.acquireUninterruptibly(weight);
        synchronized (this) {
            sent++;
        }
        client.put(topic, Buffer.buffer(line))
                .onComplete(
                        done -> {
                            settle(number, done.cause());
                            progress.step(line.length + 1L);
                            kibs.release(weight);
                            lines.release();
                        });
    }

    private synchronized void settle(long number, Throwable cause) {
        if (cause == null) {
            acked++;
            return;
        }
        WalrusClientException failed = (WalrusClientException) cause;
        unknown += failed.mayHaveHappened() ? 1 : 0;
        if (failure == null || number < failedLine) {
            failure = failed;
            failedLine = number;
        }
    }

    private synchronized boolean hasFailed() {
        return failure != null;
    }
}
