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

    /** So many must be there for the sleeper to be woken. */
    private volatile int wanted = 1;

    void put(Pending pending) {
        Pending head;
        do {
            head = newest.get();
            pending.next = head;
            pending.depth = head == null ? 1 : head.depth + 1;
        } while (!newest.compareAndSet(head, pending));
        if (pending.depth >= wanted) {
            unparkSleeper();
        }
    }

    /** How many are there. */
    int depth() {
        Pending head = newest.get();
        return head == null ? 0 : head.depth;
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

    /**
     * Sleeps until so many are there, somebody wakes, or the time is over; says how many are there.
     * The taker's only.
     */
    int gather(int count, long nanos) {
        long deadline = System.nanoTime() + nanos;
        wanted = count;
        sleeper = Thread.currentThread();
        long left = nanos;
        while (depth() < count && !woken && left > 0) {
            LockSupport.parkNanos(this, left);
            left = deadline - System.nanoTime();
        }
        sleeper = null;
        wanted = 1;
        return depth();
    }
}
