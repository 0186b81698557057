package io.walrus.cli;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What some topics together have at one moment.
 *
 * @param nanos the moment, on any monotonic clock
 * @param entries how many entries readers can see
 * @param topics how many topics
 * @param segments how many segments they have
 * @param leaders who leads the open ones
 */
record StatSample(long nanos, long entries, int topics, long segments, Set<Integer> leaders) {

    private static final String ROW = "%12s %14s %7s %9s  %s";

    /** Names the columns of a row. */
    static final String HEADING =
            ROW.formatted("APPENDS/S", "ENTRIES", "TOPICS", "SEGMENTS", "LEADERS");

    /** One line: what there is, and at what rate it came since an earlier moment. */
    String rowAfter(StatSample before) {
        long nanosBetween = Math.max(1, nanos - before.nanos);
        double each = (double) TimeUnit.SECONDS.toNanos(1) / nanosBetween;
        long rate = Math.round((entries - before.entries) * each);
        return ROW.formatted(rate, entries, topics, segments, leaders);
    }
}
