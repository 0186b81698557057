package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.CommandWriter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Appends that are sent again until there is a definite answer, and stored once: a lane for each
 * topic. Any thread may append; lanes work on the home context, which is the transport's too.
 */
final class OnceAppends {

    private final Vertx vertx;
    private final Context home;
    private final NodeWay any;
    private final LeaderWays leaders;
    private final WalrusClientOptions options;
    private final LongSupplier nanoClock;
    private final ReconnectPause pause;
    private final AdmissionGate gate;
    private final Map<String, OnceLane> lanes = new ConcurrentHashMap<>();
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean closed;

    /** Answers for other contexts than home; touched on the home context only. */
    private Map<Context, List<Runnable>> elsewhere = new IdentityHashMap<>();

    OnceAppends(
            Vertx vertx,
            Context home,
            NodeWay any,
            LeaderWays leaders,
            WalrusClientOptions options,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.home = home;
        this.any = any;
        this.leaders = leaders;
        this.options = options;
        this.nanoClock = nanoClock;
        this.pause =
                new ReconnectPause(
                        options.getReconnectPauseMillisMin(),
                        options.getReconnectPauseMillisMax(),
                        RandomGenerator.getDefault());
        this.gate = new AdmissionGate(options.getPendingMax(), options.getPendingBytesMax());
    }

    Future<Void> put(Command.Put put) {
        return append(put, put.topic(), List.of(put.payload())).mapEmpty();
    }

    Future<Place> append(Command.Append append) {
        return append(append, append.topic(), List.of(append.payload()));
    }

    /** The entries lie next to each other; the place is the first one's. */
    Future<Place> append(Command.AppendBatch batch) {
        return append(batch, batch.topic(), batch.entries());
    }

    private Future<Place> append(Command plain, String topic, List<Buffer> entries) {
        long bytes =
                CommandWriter.bodyBytesMax(new Command.AppendNumbered(topic, 1, 0, 0, entries));
        if (bytes > options.getFrameBytesMax()) {
            return refuse(
                    Kind.INVALID,
                    "a request has at most %d bytes (frameBytesMax); came: %d; send smaller entries"
                            .formatted(options.getFrameBytesMax(), bytes));
        }
        if (!gate.tryEnter(bytes)) {
            return refuse(
                    Kind.OVERLOADED,
                    gate + " wait for an answer already; wait for some before you go on");
        }
        // Looked at after the gate: close() waits for all that passed it.
        if (closed) {
            leave(bytes);
            return refuse(Kind.CLOSED, "the client is closed");
        }
        long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.getRequestTimeoutMillis());
        var append =
                new OnceAppend(
                        plain,
                        entries,
                        bytes,
                        nanoClock.getAsLong() + timeoutNanos,
                        Vertx.currentContext());
        lanes.computeIfAbsent(topic, name -> new OnceLane(name, this, any, leaders)).offer(append);
        return append.promise.future();
    }

    private static Future<Place> refuse(Kind kind, String message) {
        return Future.failedFuture(WalrusClientException.notSent(kind, message, null));
    }

    /** Accepts nothing more; completes when all that was accepted is answered. */
    Future<Void> close() {
        closed = true;
        endIfDone();
        return ended.future();
    }

    /** The way is closed: what waits fails. */
    void abandon() {
        closed = true;
        home.runOnContext(turn -> lanes.values().forEach(OnceLane::abandon));
    }

    private void leave(long bytes) {
        gate.leave(bytes);
        endIfDone();
    }

    private void endIfDone() {
        if (closed && gate.isEmpty()) {
            home.runOnContext(turn -> leaders.close().onComplete(done -> ended.tryComplete()));
        }
    }

    void succeed(OnceAppend append, Place place) {
        if (append.settle()) {
            answer(append, () -> append.promise.complete(place));
        }
    }

    void fail(OnceAppend append, WalrusClientException failure) {
        if (append.settle()) {
            answer(append, () -> append.promise.fail(failure));
        }
    }

    /** To each other context all that one turn brought goes in one hop. */
    private void answer(OnceAppend append, Runnable answer) {
        if (append.caller == null || append.caller == home) {
            answer.run();
        } else {
            if (elsewhere.isEmpty()) {
                home.runOnContext(turn -> hop());
            }
            elsewhere.computeIfAbsent(append.caller, context -> new ArrayList<>()).add(answer);
        }
        leave(append.bytes);
    }

    private void hop() {
        Map<Context, List<Runnable>> answers = elsewhere;
        elsewhere = new IdentityHashMap<>();
        answers.forEach((context, all) -> context.runOnContext(turn -> all.forEach(Runnable::run)));
    }

    void atHome(Runnable work) {
        home.runOnContext(turn -> work.run());
    }

    /** Later, at home. */
    void after(long millis, Runnable work) {
        vertx.setTimer(Math.max(1, millis), timer -> home.runOnContext(turn -> work.run()));
    }

    long nowNanos() {
        return nanoClock.getAsLong();
    }

    long pauseMillis(int failedRounds) {
        return pause.millis(failedRounds);
    }

    /** Whether an address that cannot be reached ends a request before its time is up. */
    boolean givesUpConnecting() {
        return options.getConnectRoundsMax() > 0;
    }
}
