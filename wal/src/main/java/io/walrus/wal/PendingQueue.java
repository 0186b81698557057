package io.walrus.wal;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * What waits for one engine thread: many put without a lock, one takes all there is at once. Order
 * of putting is order of taking.
 */
final class PendingQueue {

    private final AtomicReference<Pending> newest = new AtomicReference<>();
    private volatile Thread sleeper;
    private volatile boolean woken;

    void put(Pending pending) {
        Pending head;
        do {
            head = newest.get();
            pending.next = head;
        } while (!newest.compareAndSet(head, pending));
        if (head == null) {
            unparkSleeper();
        }
    }

    /** Lets the taker look around: he who is about to sleep does not. */
    void wake() {
        woken = true;
        unparkSleeper();
    }

    private void unparkSleeper() {
        Thread sleeping = sleeper;
        if (sleeping != null) {
            LockSupport.unpark(sleeping);
        }
    }

    /** All there is, oldest first through {@link Pending#next}; null if nothing is. */
    Pending takeAll() {
        Pending oldest = null;
        for (Pending at = newest.get() == null ? null : newest.getAndSet(null); at != null; ) {
            Pending older = at.next;
            at.next = oldest;
            oldest = at;
            at = older;
        }
        return oldest;
    }

    /** Sleeps until something is put, somebody wakes, or the time is over. The taker's only. */
    void sleep(long nanos) {
        sleeper = Thread.currentThread();
        if (newest.get() == null && !woken) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
        woken = false;
    }
}
