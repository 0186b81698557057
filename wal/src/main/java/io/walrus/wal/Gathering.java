package io.walrus.wal;

import java.time.Duration;

/**
 * How few threads that wait for their syncs come together. They append again within microseconds of
 * being let go, and a sync costs the same for all of them as for the first: so those who wait
 * already wait for the others too, for less than a sync takes. Otherwise they fall into two halves
 * that take turns, each waiting while the other is synced. Where nobody comes back, nobody is
 * waited for; many threads gather by themselves, because letting them go takes that long.
 *
 * <p>PostgreSQL ({@code commit_delay}) and MySQL ({@code binlog_group_commit_sync_delay}) have this
 * as settings, and RocksDB's writers stay awake before they sleep. Here the last syncs and groups
 * say how long, and whether. The committer's alone, but for {@link #spinNanos} and {@link #yields}.
 */
final class Gathering {

    /** With more, waking them one by one gives the next group the time to gather. */
    private static final int THREADS_MAX = 16;

    /** A faster sync is not worth waiting for anybody. */
    private static final long GATHERED_SYNC_NANOS_MIN = 30_000;

    private static final long WAIT_NANOS_MAX = 1_000_000;

    /** Fewer gain little by staying awake. */
    private static final int SPINNING_THREADS_MIN = 3;

    /**
     * So often a thread of many gives way before it sleeps. A turn of all the others takes about as
     * long as a sync, and being woken costs more than two turns; with a third nothing is gained.
     */
    private static final int YIELDS = 2;

    private static final int SKIPPED_GROUPS_MAX = 255;

    private final PendingQueue queue;
    private final long spinNanosMax;
    private long syncNanos;
    private int waitingBefore;
    private int expected;
    private int waitedFor;
    private int skipped;
    private int toSkip;
    private volatile long spinNanos;
    private volatile int yields;

    /**
     * @param spin the longest that a thread may stay awake
     */
    Gathering(PendingQueue queue, Duration spin) {
        this.queue = queue;
        this.spinNanosMax = spin.toNanos();
    }

    /**
     * A group was made durable; its threads are let go next.
     *
     * @param nanos what that took
     * @param threads how many wait for it
     */
    void synced(long nanos, int threads) {
        syncNanos += (nanos - syncNanos) / 8;
        waitingBefore = queue.depth();
        expected = waitingBefore + threads;
        boolean fast = 2 * syncNanos <= spinNanosMax;
        boolean few = SPINNING_THREADS_MIN <= expected && expected <= THREADS_MAX;
        stayAwake(fast && few ? 2 * syncNanos : 0, fast && expected > THREADS_MAX ? YIELDS : 0);
    }

    private void stayAwake(long nanos, int turns) {
        if (nanos != spinNanos) {
            spinNanos = nanos;
        }
        if (turns != yields) {
            yields = turns;
        }
    }

    /** Waits for those who were let go, if they used to come back. */
    void await() {
        int goal = goal();
        if (goal > 0) {
            gathered(queue.gather(goal, Math.min(syncNanos, WAIT_NANOS_MAX)));
        }
    }

    /** How many the next group should be; 0 if nobody is to be waited for. Asked once a group. */
    int goal() {
        int goal = expected;
        expected = 0;
        boolean worthIt =
                goal > Math.max(1, waitingBefore)
                        && goal <= THREADS_MAX
                        && syncNanos >= GATHERED_SYNC_NANOS_MIN;
        if (worthIt && toSkip > 0) {
            toSkip--;
            worthIt = false;
        }
        waitedFor = goal - waitingBefore;
        return worthIt ? goal : 0;
    }

    /**
     * So many are there now, in time or not. If a quarter of those who were waited for is missing,
     * more and more groups go on at once before the next one waits.
     */
    void gathered(int count) {
        boolean cameBack = 4 * (count - waitingBefore) >= 3 * waitedFor;
        skipped = cameBack ? 0 : Math.min(SKIPPED_GROUPS_MAX, 2 * skipped + 1);
        toSkip = skipped;
    }

    /**
     * For so long a thread that waits for its sync stays awake, and gives way to everybody else;
     * waking it would take as long as a fast sync does. Any thread.
     */
    long spinNanos() {
        return spinNanos;
    }

    /** So often it gives way before it sleeps, however long that takes. Any thread. */
    int yields() {
        return yields;
    }
}
