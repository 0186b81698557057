package io.walrus.client;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;

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

    /** How often a reader that has nothing to commit asks whether its cursor was moved. */
    private static final int LOOK_MILLIS = 2_000;

    private final Vertx vertx;
    private final TopicReaderOptions options;
    private final BatchSource source;

    /** Null without a named cursor. */
    private final ReaderCursor cursor;

    // Read and written on the context only.
    private final Outlet<Entry> outlet;
    private Handler<Throwable> exceptionHandler;
    private Handler<Void> endHandler;

    /** Null until it is known where to begin. */
    private Place next;

    private long commitTimer = -1;
    private long lookTimer = -1;
    private boolean reading;
    private boolean exhausted;
    private boolean finished;
    private Throwable lastFailure;
    private int quietRounds;
    private int retries;

    TopicReader(Vertx vertx, WalrusClient client, String topic, TopicReaderOptions options) {
        this.vertx = vertx;
        this.outlet = new Outlet<>(vertx.getOrCreateContext());
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
                    outlet.handler(handler);
                    if (handler == null) {
                        finished = true;
                        stopCommitting();
                    }
                });
    }

    @Override
    public TopicReader pause() {
        return onContext(outlet::pause);
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
        return onContext(() -> outlet.fetch(amount));
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
     * that is stored. Fails if the reader has no cursor, and as {@code CURSOR_MOVED} if somebody
     * else has moved it, forward or back: that stands, and who opens a reader anew goes on there.
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
        outlet.change(change, this::advance);
        return this;
    }

    /** Hands out what is demanded, then reads ahead or ends. */
    private void advance() {
        if (finished || !outlet.handOut(this::handedOut) || finished) {
            return;
        }
        if (exhausted && outlet.isEmpty()) {
            finish();
        } else if (!reading && !exhausted && outlet.demand() > 0) {
            read();
        }
    }

    private void handedOut(Entry entry) {
        if (cursor != null) {
            cursor.delivered(new Place(entry.segment(), entry.nextOffset()));
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
            lookTimer =
                    vertx.setPeriodic(
                            LOOK_MILLIS, tick -> cursor.look().onFailure(this::onCursorFailure));
        }
        advance();
    }

    private void commitQuietly() {
        cursor.commit().onFailure(this::onCursorFailure);
    }

    /** What may be tried again is, with the next tick; anything else ends the stream. */
    private void onCursorFailure(Throwable failure) {
        if (!WalrusClientException.mayRetry(failure) && !finished) {
            outlet.clear();
            fail(failure);
        }
    }

    private void stopCommitting() {
        if (commitTimer >= 0) {
            vertx.cancelTimer(commitTimer);
            vertx.cancelTimer(lookTimer);
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
        outlet.add(batch.entries());
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
        if (WalrusClientException.mayRetry(failure) && retries < options.getRetriesMax()) {
            readLater(retries++);
            return;
        }
        fail(failure);
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
