package io.walrus.client;

import io.walrus.client.WalrusClientException.Kind;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Ends the appends of a lane whose time is up, wherever they are. On the home context only. */
final class LaneClock {

    /** A question that was sent with an append says better why it failed. */
    private static final int GRACE_MILLIS = 20;

    private final OnceAppends home;
    private final LaneBook book;
    private final BiConsumer<OnceAppend, WalrusClientException> giveUp;
    private final Runnable whenLooked;
    private boolean timerIsSet;

    LaneClock(
            OnceAppends home,
            LaneBook book,
            BiConsumer<OnceAppend, WalrusClientException> giveUp,
            Runnable whenLooked) {
        this.home = home;
        this.book = book;
        this.giveUp = giveUp;
        this.whenLooked = whenLooked;
    }

    /** Looks again when the next one's time is up. */
    void watch() {
        OnceAppend next = timerIsSet ? null : book.firstDue();
        if (next != null) {
            timerIsSet = true;
            long nanos = next.deadlineNanos - home.nowNanos();
            home.after(TimeUnit.NANOSECONDS.toMillis(nanos) + GRACE_MILLIS, this::expire);
        }
    }

    /** What is on the wire has its answer still to come, and the others wait for that. */
    private void expire() {
        timerIsSet = false;
        long now = home.nowNanos();
        for (OnceAppend append : book.sentAndDue(now)) {
            append.open();
            giveUp.accept(append, append.lastFailure);
        }
        for (OnceAppend append : book.unsentAndDue(now)) {
            giveUp.accept(
                    append, append.lastFailure == null ? notSentInTime() : append.lastFailure);
        }
        whenLooked.run();
    }

    private static WalrusClientException notSentInTime() {
        return WalrusClientException.notSent(
                Kind.TIMED_OUT, "time was up before it could be sent", null);
    }
}
