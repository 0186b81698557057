package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/**
 * Appends entries to one topic, with back-pressure: the queue is what was written and is not
 * acknowledged, in bytes.
 *
 * <p>Entries are in the log in the order of the writes. After the first failed write the writer
 * refuses all further ones, so that no gap goes unnoticed; those in flight behind it may still be
 * written. Writes may come from any thread; handlers run on the context that created the writer.
 */
public final class TopicWriter implements WriteStream<Buffer> {

    /** What an entry weighs beside its payload, so that empty ones count too. */
    static final int ENTRY_BYTES = 64;

    private static final int QUEUE_BYTES_MAX = 1 << 20;

    private final WalrusClient client;
    private final String topic;
    private final Context context;
    private final Promise<Void> ended = Promise.promise();

    // Guarded by this, for the length of a few assignments; no handler is called under it.
    private Handler<Throwable> exceptionHandler;
    private Handler<Void> drainHandler;
    private int queueBytesMax = QUEUE_BYTES_MAX;
    private long queueBytes;

    /** Somebody has seen, or could have seen, a full queue, and was not told since. */
    private boolean owesDrain;

    private boolean ending;
    private Throwable failure;

    TopicWriter(Vertx vertx, WalrusClient client, String topic) {
        this.client = client;
        this.topic = topic;
        this.context = vertx.getOrCreateContext();
    }

    /**
     * Appends one entry; completes when it is acknowledged. Writing past a full queue is accepted,
     * and unwise.
     */
    @Override
    public Future<Void> write(Buffer payload) {
        long weight = payload.length() + (long) ENTRY_BYTES;
        // Sent under the lock, so that no two threads can overtake each other between counting and
        // sending.
        Future<Void> acknowledged;
        synchronized (this) {
            if (failure != null) {
                return Future.failedFuture(failure);
            }
            if (ending) {
                return Future.failedFuture(
                        new IllegalStateException("the writer to " + topic + " was ended"));
            }
            queueBytes += weight;
            owesDrain |= queueBytes >= queueBytesMax;
            acknowledged = client.put(topic, payload);
        }
        return acknowledged.onComplete(done -> settle(weight, done.cause()));
    }

    /**
     * Accepts no more; completes when all is acknowledged, fails with the first failure if there
     * was one.
     */
    @Override
    public Future<Void> end() {
        synchronized (this) {
            ending = true;
        }
        completeIfDone();
        return ended.future();
    }

    /** How many bytes may be in flight before {@link #writeQueueFull()}; default 1 MiB. */
    @Override
    public synchronized TopicWriter setWriteQueueMaxSize(int maxSizeBytes) {
        if (maxSizeBytes < 1) {
            throw new IllegalArgumentException(
                    "the queue holds at least 1 byte; came: " + maxSizeBytes);
        }
        queueBytesMax = maxSizeBytes;
        return this;
    }

    @Override
    public synchronized boolean writeQueueFull() {
        return queueBytes >= queueBytesMax;
    }

    /**
     * Called each time half of the queue is free again after it was full, and once for the setting
     * of the handler itself, since the queue may have drained meanwhile.
     */
    @Override
    public TopicWriter drainHandler(Handler<Void> handler) {
        synchronized (this) {
            drainHandler = handler;
            owesDrain = true;
        }
        drainIfLow();
        return this;
    }

    /** Called with the first failure of a write. */
    @Override
    public synchronized TopicWriter exceptionHandler(Handler<Throwable> handler) {
        exceptionHandler = handler;
        return this;
    }

    private void settle(long weight, Throwable cause) {
        Handler<Throwable> toTell = null;
        synchronized (this) {
            queueBytes -= weight;
            if (cause != null && failure == null) {
                failure = cause;
                toTell = exceptionHandler;
            }
        }
        call(toTell, cause);
        drainIfLow();
        completeIfDone();
    }

    private void drainIfLow() {
        Handler<Void> drained;
        synchronized (this) {
            if (!owesDrain || drainHandler == null || queueBytes > queueBytesMax / 2) {
                return;
            }
            owesDrain = false;
            drained = drainHandler;
        }
        call(drained, null);
    }

    private void completeIfDone() {
        Throwable first;
        synchronized (this) {
            if (!ending || queueBytes > 0) {
                return;
            }
            first = failure;
        }
        context.runOnContext(
                turn -> {
                    if (first == null) {
                        ended.tryComplete();
                    } else {
                        ended.tryFail(first);
                    }
                });
    }

    private <T> void call(Handler<T> handler, T value) {
        if (handler != null) {
            context.runOnContext(turn -> handler.handle(value));
        }
    }
}
