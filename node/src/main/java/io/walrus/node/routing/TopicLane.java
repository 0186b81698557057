package io.walrus.node.routing;

import io.walrus.metadata.SegmentId;
import io.walrus.node.peer.ForwardedAppend;
import io.walrus.node.storage.AppendOutcome;
import io.walrus.node.storage.AppendOutcome.Appended;
import io.walrus.node.storage.AppendOutcome.NotHere;
import io.walrus.node.storage.AppendOutcome.Refused;
import io.walrus.node.storage.AppendOutcome.Unknown;
import io.walrus.node.storage.AppendRequest;
import io.walrus.node.storage.AppendTurn;
import io.walrus.node.storage.StoredSegment;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The appends of one topic, in order, across segments: sends them to the open segment's leader, and
 * keeps them here while there is none. What other nodes sent has a lane of its own: it is never
 * sent on, and it waits only for what this node is about to lead. What a client means for one
 * segment only has one too: it goes back to the client when that segment takes nothing more.
 *
 * <p>Order: whatever arrives while older entries wait goes behind them, and nothing goes to a new
 * leader before the old one has answered for all that it was sent. After one append has come back
 * with nothing written, nothing is sent before all others under way are answered; if one of those
 * was stored meanwhile, the one that came back fails instead of being stored behind it. The lock
 * guards the waiting queue and the count of what is under way; it is held for a hand-over, never
 * for I/O; outcomes are told outside of it.
 */
final class TopicLane {

    /** Where the appends of a topic can go: the decision, and the two ways. */
    interface Ways {
        Route route();

        void appendHere(StoredSegment segment, AppendRequest request);

        void appendThere(Route.There there, PendingAppend append, Forwarded whenDone);
    }

    /** Told what another node did; on any thread. */
    @FunctionalInterface
    interface Forwarded {
        void done(ForwardedAppend answer);
    }

    private final Ways ways;
    private final LongSupplier clockNanos;
    private final Runnable somethingWaits;

    /** By sequence: what comes back from a closed segment goes in front of what came later. */
    private final NavigableMap<Long, PendingAppend> waiting = new TreeMap<>();

    private long submitted;
    private Route sentTo;
    private int underWay;

    /** Something of the turn under way has come back. */
    private boolean turnedBack;

    private AppendTurn turn = new AppendTurn();

    /** The last append of which something was stored. */
    private long stored = -1;

    /**
     * @param somethingWaits told whenever an append begins or goes on to wait for {@link #flush}
     */
    TopicLane(Ways ways, LongSupplier clockNanos, Runnable somethingWaits) {
        this.ways = ways;
        this.clockNanos = clockNanos;
        this.somethingWaits = somethingWaits;
    }

    void submit(PendingAppend unnumbered) {
        PendingAppend append;
        Settlement.Failed failure = null;
        synchronized (this) {
            append = unnumbered.numbered(submitted++);
            if (waiting.isEmpty()) {
                failure = send(append);
            } else {
                keep(append);
            }
        }
        if (failure != null) {
            append.fail(failure);
        }
    }

    private void keep(PendingAppend append) {
        waiting.put(append.sequence(), append);
        somethingWaits.run();
    }

    /** Tries the waiting appends again, in order; called when the view or a writer has changed. */
    void flush() {
        var failed = new ArrayList<Runnable>();
        synchronized (this) {
            List<PendingAppend> again = new ArrayList<>(waiting.values());
            waiting.clear();
            for (PendingAppend append : again) {
                if (!waiting.isEmpty()) {
                    keep(append);
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
            while (!waiting.isEmpty() && isLate(waiting.firstEntry().getValue())) {
                late.add(waiting.pollFirstEntry().getValue());
            }
        }
        late.forEach(append -> append.fail(noLeader(ways.route())));
    }

    private boolean isLate(PendingAppend append) {
        return append.deadlineNanos() - clockNanos.getAsLong() <= 0;
    }

    private static Settlement.Failed noLeader(Route route) {
        String why = "segment " + route.segmentNumber() + " changes hands";
        if (route instanceof Route.Opening) {
            why = "segment " + route.segmentNumber() + " is being opened";
        } else if (route instanceof Route.Sealing) {
            why = "segment " + route.segmentNumber() + " is being sealed";
        }
        return new Settlement.Failed(
                ErrorCode.NO_LEADER,
                "no node may write this topic at the moment ("
                        + why
                        + "); nothing was stored, try again");
    }

    private static Settlement.Failed overtaken() {
        return new Settlement.Failed(
                ErrorCode.NO_LEADER,
                "the leader could not write it and has written a later one since; nothing was"
                        + " stored, try again");
    }

    /**
     * Returns a failure to tell outside the lock, or null where the append is on its way or waits.
     */
    private Settlement.Failed send(PendingAppend append) {
        Route now = ways.route();
        if (now instanceof Route.NoTopic) {
            return new Settlement.Failed(
                    ErrorCode.NO_TOPIC, "unknown topic; create it with REGISTER first");
        }
        if (append.sequence() < stored) {
            return overtaken();
        }
        if (append.isRouted() ? !isOrWillBeHere(append, now) : isOver(append, now)) {
            return noLeader(now);
        }
        if (!isOpen(append, now) || underWay > 0 && (turnedBack || !now.equals(sentTo))) {
            keep(append);
            return null;
        }
        sentTo = now;
        underWay++;
        if (now instanceof Route.Here here) {
            ways.appendHere(here.segment(), requestOf(append));
        } else if (now instanceof Route.There there) {
            ways.appendThere(there, append, answer -> settle(append, there, answer));
        }
        return null;
    }

    /**
     * Whether another node was right to send this here: this view may be behind that node's, and a
     * new writer takes a moment to open. A refusal would be a lie, and let later ones overtake.
     */
    private static boolean isOrWillBeHere(PendingAppend arrived, Route now) {
        int meant = arrived.onlySegment();
        boolean isHere = now instanceof Route.Here || now instanceof Route.Opening;
        return meant > now.segmentNumber()
                || isHere && (meant == 0 || meant == now.segmentNumber());
    }

    /** Whether the one segment that a client means takes nothing more. */
    private static boolean isOver(PendingAppend append, Route now) {
        int meant = append.onlySegment();
        return meant > 0
                && (meant < now.segmentNumber()
                        || meant == now.segmentNumber() && now instanceof Route.Sealing);
    }

    private static boolean isOpen(PendingAppend append, Route now) {
        boolean isSeen = append.onlySegment() <= now.segmentNumber();
        return append.isRouted()
                ? now instanceof Route.Here && isSeen
                : isSeen && (now instanceof Route.Here || now instanceof Route.There);
    }

    private AppendRequest requestOf(PendingAppend append) {
        AppendRequest request =
                append.isAtomic()
                        ? AppendRequest.atomic(
                                append.payloads(), turn, outcome -> settle(append, outcome))
                        : AppendRequest.of(
                                append.payloads(), turn, outcome -> settle(append, outcome));
        return request.numbered(append.mark());
    }

    private void settle(PendingAppend append, AppendOutcome outcome) {
        if (outcome instanceof Appended appended) {
            noteStored(append);
            append.settle(
                    appended.count(),
                    new Settlement.Stored(appended.segment(), appended.firstOffset()));
            settleRest(append.without(appended.count()));
        } else if (outcome instanceof NotHere) {
            settleRest(append);
        } else if (outcome instanceof Refused refused) {
            ErrorCode code = refused.diskFull() ? ErrorCode.STORAGE_FULL : ErrorCode.STORAGE_FAILED;
            append.fail(new Settlement.Failed(code, refused.why()));
            settleRest(append.without(append.count()));
        } else if (outcome instanceof Unknown unknown) {
            append.fail(new Settlement.Failed(ErrorCode.UNKNOWN, unknown.why()));
            settleRest(append.without(append.count()));
        }
    }

    private void settle(PendingAppend append, Route.There there, ForwardedAppend answer) {
        PendingAppend rest = append;
        for (ForwardedAppend.Part part : answer.parts()) {
            if (part.reply() instanceof Reply.Place) {
                noteStored(append);
            }
            rest.settle(part.count(), settlementOf(there, part.reply()));
            rest = rest.without(part.count());
        }
        settleRest(rest);
    }

    static ForwardedAppend nothingDone(PendingAppend append, String why) {
        return new ForwardedAppend(List.of(), append.count(), why);
    }

    private static Settlement settlementOf(Route.There there, Reply reply) {
        if (reply instanceof Reply.Place place) {
            return new Settlement.Stored(
                    new SegmentId(there.segment().topic(), place.segment()), place.offset());
        }
        if (reply instanceof Reply.Err err) {
            return new Settlement.Failed(err.code(), err.message());
        }
        return new Settlement.Failed(ErrorCode.UNKNOWN, "the leader gave a strange answer");
    }

    private synchronized void noteStored(PendingAppend append) {
        stored = Math.max(stored, append.sequence());
    }

    /**
     * What was not taken waits for the next leader, in order; what another node sent goes back to
     * it, because that leader may well be another.
     */
    private void settleRest(PendingAppend rest) {
        boolean goesBack = rest.count() > 0 && rest.goesBack();
        boolean again;
        synchronized (this) {
            underWay--;
            if (rest.count() > 0) {
                turnedBack = true;
            }
            if (rest.count() > 0 && !goesBack) {
                keep(rest);
            }
            if (underWay == 0 && turnedBack) {
                turnedBack = false;
                turn = new AppendTurn();
            }
            again = !waiting.isEmpty() && underWay == 0 && !ways.route().equals(sentTo);
        }
        if (goesBack) {
            rest.fail(noLeader(ways.route()));
        }
        if (again) {
            flush();
        }
    }
}
