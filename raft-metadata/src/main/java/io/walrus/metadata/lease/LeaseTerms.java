package io.walrus.metadata.lease;

import java.util.concurrent.TimeUnit;

/**
 * How long a lease lasts on both sides.
 *
 * <p>The holder counts from <em>sending</em> its heartbeat and stops a margin early; the granter
 * counts from <em>receiving</em> it. What was sent was sent before it was received, so the holder
 * always stops first, whatever the network did, as long as the two monotonic clocks drift apart by
 * less than the margin within one lease. (The idea is Gray and Cheriton's, 1989.)
 *
 * @param leaseMillis how long the granter keeps the segment for the holder
 * @param marginMillis how much earlier the holder stops, for clock drift
 */
public record LeaseTerms(long leaseMillis, long marginMillis) {
    public LeaseTerms {
        if (marginMillis < 1 || leaseMillis <= marginMillis) {
            throw new IllegalArgumentException(
                    "0 < marginMillis < leaseMillis, found "
                            + marginMillis
                            + " and "
                            + leaseMillis);
        }
    }

    /** From this moment on the holder must not acknowledge anything. */
    public long holderDeadlineNanos(long sentNanos) {
        return sentNanos + TimeUnit.MILLISECONDS.toNanos(leaseMillis - marginMillis);
    }

    /** From this moment on the granter may give the segments away. */
    public long granterExpiryNanos(long receivedNanos) {
        return receivedNanos + TimeUnit.MILLISECONDS.toNanos(leaseMillis);
    }

    /** Whether the deadline is reached; right across an overflow of the clock's number. */
    public static boolean isReached(long deadlineNanos, long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }
}
