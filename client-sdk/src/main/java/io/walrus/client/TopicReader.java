package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The entries of one topic in order, from a place on, across its segments; moves no shared cursor.
 *
 * <p>At the end of the topic it waits at the server for more, on servers that can, and polls
 * otherwise. With a named cursor it begins there and commits behind what was handed out: every
 * entry comes at least once.
 *
 * <p>Cold: the first request goes out when a handler is set and there is demand, which there is
 * until {@link #pause()}. At most one batch is held ahead of the handler. Reads that may be retried
 * are, after a pause; another failure goes to the exception handler and ends the stream. Handlers
 * run on the context that created the reader; every method may be called from any thread.
 */
public final class TopicReader implements ReadStream<Entry> {

    private static final int POLL_MILLIS_MIN = 5;
    private static final int WAIT_MILLIS = 20_000;

    private final Vertx vertx;
    private final Context context;
    private final TopicReaderOptions options;
    private final BatchSource source;

    /** Null without a named cursor. */
    private final ReaderCursor cursor;

    // Read and written on the context only.
    private final Deque<Entry> ahead = new ArrayDeque<>();
    private Handler<Entry> handler;
    private Handler<Throwable> exceptionHandler;
    private Handler<Void> endHandler;

    /** Null until it is known where to begin. */
    private Place next;

    private long commitTimer = -1;
    private long demand = Long.MAX_VALUE;
    private boolean reading;
    private boolean delivering;
    private boolean exhausted;
    private boolean finished;
    private Throwable lastFailure;
    private int quietRounds;
    private int retries;

    TopicReader(Vertx vertx, WalrusClient client, String topic, TopicReaderOptions options) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.source = new BatchSource(client, topic, options.getReadBytesMax());
        boolean isNamed = !options.getCursor().isEmpty();
        this.cursor = isNamed ? new ReaderCursor(client, topic, options.getCursor()) : null;
    }

    /** Sets who takes the entries and starts the stream; null stops it for good. */
    @Override
    public TopicReader handler(Handler<Entry> handler) {
        return onContext(
                () -> {
                    this.handler = handler;
                    if (handler == null) {
                        finished = true;
                        ahead.clear();
                        stopCommitting();
                    }
                });
    }

    @Override
    public TopicReader pause() {
        return onContext(() -> demand = 0);
    }

    @Override
    public TopicReader resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public TopicReader fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a demand is at least 0; came: " + amount);
        }
        return onContext(() -> demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount);
    }

    /**
     * Called at the end of the topic, if the reader was asked to end there; and after a failure.
     */
    @Override
    public TopicReader endHandler(Handler<Void> handler) {
        return onContext(() -> endHandler = handler);
    }

    /** Called with the failure that ends the stream. */
    @Override
    public TopicReader exceptionHandler(Handler<Throwable> handler) {
        return onContext(() -> exceptionHandler = handler);
    }

    /**
     * Commits the named cursor behind the last entry whose handler has returned; completes when
     * that is stored. Fails if the reader has no cursor, or another reader has moved it further.
     */
    public Future<Void> commit() {
        Promise<Void> committed = Promise.promise();
        onContext(
                () -> {
                    if (cursor == null) {
                        committed.fail(
                                new IllegalStateException(
                                        "the reader has no cursor; name one in its options"));
                    } else {
                        cursor.commit().onComplete(committed);
                    }
                });
        return committed.future();
    }

    private TopicReader onContext(Runnable change) {
        if (Vertx.currentContext() == context) {
            change.run();
            advance();
        } else {
            context.runOnContext(
                    turn -> {
                        change.run();
                        advance();
                    });
        }
        return this;
    }

    /** Hands out what is demanded, then reads ahead or ends. */
    private void advance() {
        if (delivering || finished || handler == null) {
            return;
        }
        delivering = true;
        try {
            while (demand > 0 && !ahead.isEmpty() && !finished) {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                handOut(ahead.poll());
            }
        } finally {
            delivering = false;
        }
        if (finished) {
            return;
        }
        if (exhausted && ahead.isEmpty()) {
            finish();
        } else if (!reading && !exhausted && demand > 0) {
            read();
        }
    }

    /** A handler that throws must not stop the stream; its context gets to know. */
    private void handOut(Entry entry) {
        try {
            handler.handle(entry);
            if (cursor != null) {
                cursor.delivered(new Place(entry.segment(), entry.nextOffset()));
            }
        } catch (RuntimeException | Error thrown) {
            context.runOnContext(
                    turn -> {
                        throw thrown;
                    });
        }
    }

    private void read() {
        reading = true;
        if (next == null) {
            Future<Place> start = cursor == null ? source.start(options) : cursor.load();
            start.onComplete(this::begin, this::onFailure);
        } else {
            source.readFrom(next).onComplete(this::onRead, this::onFailure);
        }
    }

    private void begin(Place place) {
        reading = false;
        next = place;
        retries = 0;
        if (cursor != null && options.getCommitMillis() > 0 && !finished) {
            commitTimer = vertx.setPeriodic(options.getCommitMillis(), tick -> commitQuietly());
        }
        advance();
    }

    /** What may be tried again is, with the next tick; anything else ends the stream. */
    private void commitQuietly() {
        cursor.commit()
                .onFailure(
                        failure -> {
                            if (!mayRetry(failure) && !finished) {
                                ahead.clear();
                                fail(failure);
                            }
                        });
    }

    private void stopCommitting() {
        if (commitTimer >= 0) {
            vertx.cancelTimer(commitTimer);
            commitTimer = -1;
            commitQuietly();
        }
    }

    private void onRead(EntryBatch batch) {
        reading = false;
        retries = 0;
        if (finished) {
            return;
        }
        boolean hasMoved = !batch.next().equals(next);
        next = batch.next();
        ahead.addAll(batch.entries());
        if (hasMoved) {
            quietRounds = 0;
            advance();
        } else if (options.isEndingAtEnd()) {
            exhausted = true;
            advance();
        } else {
            waitForMore();
        }
    }

    /** By WAIT, and where the server has none, by looking again after a pause. */
    private void waitForMore() {
        if (!source.canWait()) {
            readLater(quietRounds++);
            return;
        }
        reading = true;
        source.waitAt(next, WAIT_MILLIS)
                .onComplete(
                        ready -> {
                            reading = false;
                            if (source.canWait()) {
                                advance();
                            } else {
                                readLater(quietRounds++);
                            }
                        },
                        this::onFailure);
    }

    private void onFailure(Throwable failure) {
        reading = false;
        if (finished) {
            return;
        }
        if (mayRetry(failure) && retries < options.getRetriesMax()) {
            readLater(retries++);
            return;
        }
        fail(failure);
    }

    private static boolean mayRetry(Throwable failure) {
        return failure instanceof WalrusClientException known && known.mayRetry();
    }

    private void fail(Throwable failure) {
        lastFailure = failure;
        exhausted = true;
        advance();
    }

    private void readLater(int round) {
        reading = true;
        long pauseMillis =
                Math.min(options.getPollMillisMax(), (long) POLL_MILLIS_MIN << Math.min(round, 20));
        vertx.setTimer(
                pauseMillis,
                timer -> {
                    reading = false;
                    advance();
                });
    }

    private void finish() {
        finished = true;
        stopCommitting();
        if (lastFailure != null && exceptionHandler != null) {
            exceptionHandler.handle(lastFailure);
        }
        if (endHandler != null) {
            endHandler.handle(null);
        }
    }
}
