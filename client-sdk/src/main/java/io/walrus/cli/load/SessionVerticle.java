package io.walrus.cli.load;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.client.WalrusClientOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * One client of a load on its own connection, and all that it counts.
 *
 * <p>Without a rate it sends as soon as a reply makes room. With a rate, a request is due at a
 * fixed time, and its latency counts from then, however late it was sent: a server that stalls is
 * not excused for the requests that could not be sent meanwhile.
 */
final class SessionVerticle extends VerticleBase {

    private static final int PACE_MILLIS = 1;
    private static final int PAUSE_MILLIS = 50;
    private static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private final int number;
    private final LoadOptions options;
    private final WalrusClientOptions clientOptions;
    private final Operation operation;
    private final LongSupplier nanoClock;
    private final LongAdder entriesSoFar;
    private final Promise<SessionVerticle> ended = Promise.promise();
    private final Histogram latencies = new Histogram(LATENCY_NANOS_MAX, DIGITS);

    // On the session's event loop only; read by others when ended.
    private WalrusClient client;
    private long startNanos;
    private int sent;
    private int inFlight;
    private int pausing;
    private boolean isOver;
    private long entries;
    private long bytes;
    private long failures;
    private long lastAnswerNanos;
    private Throwable lastFailure;

    SessionVerticle(
            int number,
            LoadOptions options,
            WalrusClientOptions clientOptions,
            Operation operation,
            LongSupplier nanoClock,
            LongAdder entriesSoFar) {
        this.number = number;
        this.options = options;
        this.clientOptions = clientOptions;
        this.operation = operation;
        this.nanoClock = nanoClock;
        this.entriesSoFar = entriesSoFar;
    }

    @Override
    public Future<?> start() {
        client = WalrusClient.create(vertx, clientOptions);
        startNanos = nanoClock.getAsLong();
        lastAnswerNanos = startNanos;
        if (options.ratePerSecond() > 0) {
            vertx.setPeriodic(PACE_MILLIS, tick -> advance());
        }
        context.runOnContext(turn -> advance());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return client.close();
    }

    /** Completes with this when nothing more is sent and every reply is in. */
    Future<SessionVerticle> ended() {
        return ended.future();
    }

    Histogram latencies() {
        return latencies;
    }

    long entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    long failures() {
        return failures;
    }

    long startNanos() {
        return startNanos;
    }

    long lastAnswerNanos() {
        return lastAnswerNanos;
    }

    /** What the last failed request failed with; null if none failed. */
    Throwable lastFailure() {
        return lastFailure;
    }

    private void advance() {
        long now = nanoClock.getAsLong();
        isOver |=
                now - startNanos >= TimeUnit.MILLISECONDS.toNanos(options.durationMillis())
                        || sent >= options.requestsOf(number)
                        || sent == Integer.MAX_VALUE;
        while (!isOver && inFlight + pausing < options.inFlight() && dueNanos(now) <= now) {
            send(options.ratePerSecond() == 0 ? now : dueNanos(now));
            isOver = sent >= options.requestsOf(number);
        }
        if (isOver && inFlight == 0) {
            ended.tryComplete(this);
        }
    }

    private long dueNanos(long now) {
        return options.ratePerSecond() == 0
                ? now
                : startNanos + (long) (sent * options.nanosApart());
    }

    private void send(long dueNanos) {
        inFlight++;
        operation.send(client, number, sent++).onComplete(reply -> settle(reply, dueNanos));
    }

    private void settle(AsyncResult<Operation.Outcome> reply, long dueNanos) {
        inFlight--;
        if (reply.failed()) {
            fail(reply.cause());
        } else if (reply.result().entries() == 0) {
            isOver = true;
        } else {
            count(reply.result(), dueNanos);
        }
        advance();
    }

    private void count(Operation.Outcome outcome, long dueNanos) {
        lastAnswerNanos = nanoClock.getAsLong();
        latencies.recordValue(Math.min(LATENCY_NANOS_MAX, lastAnswerNanos - dueNanos));
        entries += outcome.entries();
        bytes += outcome.bytes();
        entriesSoFar.add(outcome.entries());
    }

    /** A refusal that will not pass ends the session; after any other, this slot rests a moment. */
    private void fail(Throwable cause) {
        failures++;
        lastFailure = cause;
        if (cause instanceof WalrusClientException known
                && !known.mayRetry()
                && !known.mayHaveHappened()) {
            isOver = true;
            return;
        }
        pausing++;
        vertx.setTimer(
                PAUSE_MILLIS,
                timer -> {
                    pausing--;
                    advance();
                });
    }
}
