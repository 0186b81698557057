package io.walrus.node.routing;

import io.walrus.metadata.SegmentId;
import io.walrus.node.storage.AppendOutcome;
import io.walrus.node.storage.AppendOutcome.Appended;
import io.walrus.node.storage.AppendOutcome.NotHere;
import io.walrus.node.storage.AppendOutcome.Refused;
import io.walrus.node.storage.AppendOutcome.Unknown;
import io.walrus.node.storage.AppendRequest;
import io.walrus.node.storage.SegmentStore;
import io.walrus.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The appends of one topic, in order, across segments: sends them to the open segment, and keeps
 * them here while there is none.
 *
 * <p>Order: whatever arrives while older entries wait goes behind them. The lock guards the waiting
 * queue and is held for a hand-over, never for I/O; outcomes are told outside of it.
 */
final class TopicLane {

    private final Supplier<Route> route;
    private final SegmentStore store;
    private final LongSupplier clockNanos;
    private final Deque<PendingAppend> waiting = new ArrayDeque<>();

    TopicLane(Supplier<Route> route, SegmentStore store, LongSupplier clockNanos) {
        this.route = route;
        this.store = store;
        this.clockNanos = clockNanos;
    }

    void submit(PendingAppend append) {
        Settlement.Failed failure = null;
        synchronized (this) {
            if (waiting.isEmpty()) {
                failure = send(append);
            } else {
                waiting.add(append);
            }
        }
        if (failure != null) {
            append.fail(failure);
        }
    }

    /** Tries the waiting appends again, in order; called when the view or a writer has changed. */
    void flush() {
        var failed = new ArrayList<Runnable>();
        synchronized (this) {
            List<PendingAppend> again = new ArrayList<>(waiting);
            waiting.clear();
            for (PendingAppend append : again) {
                if (!waiting.isEmpty()) {
                    waiting.add(append);
                    continue;
                }
                Settlement.Failed failure = send(append);
                if (failure != null) {
                    failed.add(() -> append.fail(failure));
                }
            }
        }
        failed.forEach(Runnable::run);
    }

    /**
     * Fails the appends that have waited for a leader past their deadline. Nothing of them was
     * written.
     */
    void expire() {
        var late = new ArrayList<PendingAppend>();
        synchronized (this) {
            while (!waiting.isEmpty()
                    && waiting.peek().deadlineNanos() - clockNanos.getAsLong() <= 0) {
                late.add(waiting.poll());
            }
        }
        late.forEach(
                append ->
                        append.fail(
                                new Settlement.Failed(
                                        ErrorCode.NO_LEADER,
                                        "no node may write this topic at the moment ("
                                                + why(route.get())
                                                + "); nothing was stored, try again")));
    }

    private static String why(Route route) {
        return route instanceof Route.NotYet notYet ? notYet.why() : "its segment changes hands";
    }

    /**
     * Returns a failure to tell outside the lock, or null where the append is on its way or waits.
     */
    private Settlement.Failed send(PendingAppend append) {
        Route now = route.get();
        if (now instanceof Route.Here here) {
            store.append(here.segment(), requestOf(append));
            return null;
        }
        if (now instanceof Route.NoTopic) {
            return new Settlement.Failed(
                    ErrorCode.NO_TOPIC, "unknown topic; create it with REGISTER first");
        }
        waiting.add(append);
        return null;
    }

    private AppendRequest requestOf(PendingAppend append) {
        return append.isAtomic()
                ? AppendRequest.atomic(append.payloads(), outcome -> settle(append, outcome))
                : AppendRequest.of(append.payloads(), outcome -> settle(append, outcome));
    }

    private void settle(PendingAppend append, AppendOutcome outcome) {
        if (outcome instanceof Appended appended) {
            append.listener()
                    .settled(
                            appended.count(),
                            new Settlement.Stored(appended.segment(), appended.firstOffset()));
            if (appended.count() < append.count()) {
                await(append.without(appended.count()), appended.segment());
            }
        } else if (outcome instanceof NotHere notHere) {
            await(append, notHere.segment());
        } else if (outcome instanceof Refused refused) {
            append.fail(
                    new Settlement.Failed(
                            refused.diskFull() ? ErrorCode.STORAGE_FULL : ErrorCode.STORAGE_FAILED,
                            refused.why()));
        } else if (outcome instanceof Unknown unknown) {
            append.fail(new Settlement.Failed(ErrorCode.UNKNOWN, unknown.why()));
        }
    }

    /** Keeps an append that {@code closed} took no more; the view may already have moved on. */
    private void await(PendingAppend append, SegmentId closed) {
        synchronized (this) {
            waiting.add(append);
        }
        if (route.get() instanceof Route.Here here && !here.segment().equals(closed)) {
            flush();
        }
    }
}
