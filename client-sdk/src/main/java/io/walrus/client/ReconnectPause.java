package io.walrus.client;

import java.util.random.RandomGenerator;

/**
 * How long to wait between two rounds of connecting: doubling from a least to a longest pause, and
 * a random part of it, so that many clients of a restarted server do not come back in step ("full
 * jitter", from the AWS architecture blog).
 */
final class ReconnectPause {

    private static final int DOUBLINGS_MAX = 20;

    private final int millisMin;
    private final int millisMax;
    private final RandomGenerator random;

    ReconnectPause(int millisMin, int millisMax, RandomGenerator random) {
        this.millisMin = millisMin;
        this.millisMax = Math.max(millisMin, millisMax);
        this.random = random;
    }

    /** At least the least pause, at most {@code least * 2^failedRounds}, never over the longest. */
    long millis(int failedRounds) {
        long ceiling =
                Math.min(millisMax, (long) millisMin << Math.min(failedRounds, DOUBLINGS_MAX));
        return ceiling == millisMin ? millisMin : random.nextLong(millisMin, ceiling + 1);
    }
}
