package io.walrus.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds a thread back to so many a second, evenly: what was missed while the thread was held up
 * elsewhere is made up for, by at most one second's worth.
 */
final class Pace {

    /** As fast as it goes. */
    static final Pace UNLIMITED = new Pace(0, () -> 0, nanos -> {});

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long perSecond;
    private final LongSupplier nanoClock;
    private final LongConsumer parking;
    private long dueNanos;
    private boolean hasBegun;

    /** At most so many a second, 0 for no limit; parking may return early. */
    Pace(long perSecond, LongSupplier nanoClock, LongConsumer parking) {
        this.perSecond = perSecond;
        this.nanoClock = nanoClock;
        this.parking = parking;
    }

    /** Returns when the next so many may go. */
    void await(int count) {
        if (perSecond == 0) {
            return;
        }
        long now = nanoClock.getAsLong();
        dueNanos = hasBegun ? Math.max(dueNanos, now - SECOND_NANOS) : now;
        hasBegun = true;
        for (; now < dueNanos; now = nanoClock.getAsLong()) {
            parking.accept(dueNanos - now);
        }
        dueNanos += SECOND_NANOS * count / perSecond;
    }
}
