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
 * <p>Entries that are written together share a request, which is stored as a whole or not at all,
 * and one future. Entries are in the log in the order of the writes. After the first failed write
 * the writer refuses all further ones, so that no gap goes unnoticed; those in flight behind it may
 * still be written. Writes may come from any thread; handlers run, and futures complete, on the
 * context that created the writer.
 */
public final class TopicWriter implements WriteStream<Buffer> {

    /** What an entry weighs beside its payload, so that empty ones count too. */
    static final int ENTRY_BYTES = 64;

    /**
     * A quarter of the queue is free when the application is told: late enough to share requests,
     * early enough that the server has work meanwhile.
     */
    private static final int FREE_PART = 4;

    private final Vertx vertx;
    private final String topic;
    private final TopicWriterOptions options;
    private final BatchSender sender;
    private final Context context;
    private final Promise<Void> ended = Promise.promise();

    // Guarded by this, for the length of a few assignments; no handler is called under it.
    private Handler<Throwable> exceptionHandler;
    private Handler<Void> drainHandler;
    private int queueBytesMax;
    private long queueBytes;

    /** What waits for more to share its request; null if nothing does. */
    private WriterBatch gathering;

    /** Somebody has seen, or could have seen, a full queue, and was not told since. */
    private boolean owesDrain;

    private boolean ending;
    private Throwable failure;

    TopicWriter(Vertx vertx, WalrusClient client, String topic, TopicWriterOptions options) {
        this.vertx = vertx;
        this.topic = topic;
        this.options = options;
        this.sender = new BatchSender(client, topic);
        this.queueBytesMax = options.getQueueBytesMax();
        this.context = vertx.getOrCreateContext();
    }

    /**
     * Appends one entry; completes when it is acknowledged. Writing past a full queue is accepted,
     * and unwise. The bytes belong to the writer until then.
     */
    @Override
    public Future<Void> write(Buffer payload) {
        WriterBatch begun = null;
        Future<Void> acknowledged;
        // Sent under the lock, so that no two threads overtake each other between counting and
        // sending.
        synchronized (this) {
            if (failure != null) {
                return Future.failedFuture(failure);
            }
            if (ending) {
                return Future.failedFuture(
                        new IllegalStateException("the writer to " + topic + " was ended"));
            }
            if (gathering != null && !gathering.hasRoomFor(payload)) {
                sendGathered();
            }
            if (gathering == null) {
                gathering = new WriterBatch(options);
                begun = gathering;
            }
            acknowledged = gathering.future();
            count(payload);
            if (gathering.isFull() || options.getLingerMillis() > 0 && writeQueueFull()) {
                sendGathered();
                begun = null;
            }
        }
        if (begun != null) {
            sendSoon(begun);
        }
        return acknowledged;
    }

    private void count(Buffer payload) {
        long weight = payload.length() + (long) ENTRY_BYTES;
        gathering.add(payload, weight);
        queueBytes += weight;
        owesDrain |= queueBytes >= queueBytesMax;
    }

    private void sendSoon(WriterBatch begun) {
        context.runOnContext(
                turn -> {
                    if (options.getLingerMillis() == 0) {
                        sendIfGathering(begun);
                    } else {
                        vertx.setTimer(options.getLingerMillis(), due -> sendIfGathering(begun));
                    }
                });
    }

    private synchronized void sendIfGathering(WriterBatch batch) {
        if (gathering == batch) {
            sendGathered();
        }
    }

    private void sendGathered() {
        WriterBatch batch = gathering;
        gathering = null;
        sender.send(batch.entries()).onComplete(done -> settle(batch, done.cause()));
    }

    /**
     * Accepts no more and sends what waits; completes when all is acknowledged, fails with the
     * first failure if there was one.
     */
    @Override
    public Future<Void> end() {
        synchronized (this) {
            ending = true;
            if (gathering != null) {
                sendGathered();
            }
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
     * Called each time a quarter of the queue is free again after it was full, and once for the
     * setting of the handler itself, since the queue may have drained meanwhile.
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

    /** An answer may come while the batch is being sent: nobody is told under the lock. */
    private void settle(WriterBatch batch, Throwable cause) {
        if (Vertx.currentContext() == context && !Thread.holdsLock(this)) {
            settleHere(batch, cause);
        } else {
            context.runOnContext(turn -> settleHere(batch, cause));
        }
    }

    private void settleHere(WriterBatch batch, Throwable cause) {
        Handler<Throwable> toTell = null;
        synchronized (this) {
            queueBytes -= batch.weight();
            if (cause != null && failure == null) {
                failure = cause;
                toTell = exceptionHandler;
            }
        }
        batch.settle(cause);
        call(toTell, cause);
        drainIfLow();
        completeIfDone();
    }

    private void drainIfLow() {
        Handler<Void> drained;
        synchronized (this) {
            if (!owesDrain
                    || drainHandler == null
                    || queueBytes > queueBytesMax - queueBytesMax / FREE_PART) {
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
