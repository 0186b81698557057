package io.walrus.client;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;

/**
 * The entries under a topic's shared cursor: each goes to one of all the takers and {@code GET}s of
 * the cluster.
 *
 * <p>The cursor moves at the server before entries are handed out, so nobody commits, and none
 * comes twice: what was taken by one request and not handled when the process ends is lost. It
 * takes no more than there is demand for; whoever wants to stop without a loss pauses, and sets the
 * handler to null when nothing comes any more.
 *
 * <p>A refusal that may be retried is, after a pause. Another failure goes to the exception handler
 * and ends the stream: after a lost connection nobody knows whether the cursor has moved. Handlers
 * run on the context that created the taker; every method may be called from any thread.
 */
public final class TopicTaker implements ReadStream<Buffer> {

    private static final int WAIT_MILLIS = 20_000;
    private static final int RETRY_MILLIS = 100;
    private static final int RETRIES_MAX = 100;

    private final Vertx vertx;
    private final WalrusClient client;
    private final String topic;
    private final TopicTakerOptions options;

    // Read and written on the context only.
    private final Outlet<Buffer> outlet;
    private Handler<Throwable> exceptionHandler;
    private Handler<Void> endHandler;
    private boolean taking;
    private boolean finished;
    private int retries;

    TopicTaker(Vertx vertx, WalrusClient client, String topic, TopicTakerOptions options) {
        this.vertx = vertx;
        this.client = client;
        this.topic = topic;
        this.options = options;
        this.outlet = new Outlet<>(vertx.getOrCreateContext());
    }

    /** Sets who takes the entries and starts the stream; null stops it for good. */
    @Override
    public TopicTaker handler(Handler<Buffer> handler) {
        return onContext(
                () -> {
                    outlet.handler(handler);
                    finished |= handler == null;
                });
    }

    @Override
    public TopicTaker pause() {
        return onContext(outlet::pause);
    }

    @Override
    public TopicTaker resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public TopicTaker fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a demand is at least 0; came: " + amount);
        }
        return onContext(() -> outlet.fetch(amount));
    }

    /** Called when there is nothing more, if the taker was asked to end then; and on a failure. */
    @Override
    public TopicTaker endHandler(Handler<Void> handler) {
        return onContext(() -> endHandler = handler);
    }

    /** Called with the failure that ends the stream. */
    @Override
    public TopicTaker exceptionHandler(Handler<Throwable> handler) {
        return onContext(() -> exceptionHandler = handler);
    }

    private TopicTaker onContext(Runnable change) {
        outlet.change(change, this::advance);
        return this;
    }

    private void advance() {
        if (finished || !outlet.handOut(entry -> {}) || finished) {
            return;
        }
        if (!taking && outlet.isEmpty() && outlet.demand() > 0) {
            take();
        }
    }

    private void take() {
        taking = true;
        int entries = (int) Math.min(outlet.demand(), options.getEntriesMax());
        client.getBatch(topic, entries, options.bytesMax())
                .onComplete(this::onTaken, this::onFailure);
    }

    private void onTaken(List<Buffer> entries) {
        retries = 0;
        if (!entries.isEmpty()) {
            taking = false;
            outlet.add(entries);
            advance();
        } else if (options.isEndingAtEnd()) {
            finish(null);
        } else {
            client.waitForShared(topic, WAIT_MILLIS)
                    .onComplete(ready -> takeAgain(), this::onFailure);
        }
    }

    private void takeAgain() {
        taking = false;
        advance();
    }

    private void onFailure(Throwable failure) {
        if (WalrusClientException.mayRetry(failure) && retries++ < RETRIES_MAX) {
            vertx.setTimer(RETRY_MILLIS, timer -> takeAgain());
        } else {
            finish(failure);
        }
    }

    private void finish(Throwable failure) {
        if (finished) {
            return;
        }
        finished = true;
        if (failure != null && exceptionHandler != null) {
            exceptionHandler.handle(failure);
        }
        if (endHandler != null) {
            endHandler.handle(null);
        }
    }
}
