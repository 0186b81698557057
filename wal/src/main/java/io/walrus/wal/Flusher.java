package io.walrus.wal;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * The thread for everything that forces outside of a group commit: the flush of {@code every()},
 * the syncs that {@code window()} and {@link Wal#sync} ask for, seals, deletions and checkpoints.
 */
final class Flusher implements Acks {

    private static final long NAP_NANOS = 1_000_000_000L;

    private final PendingQueue queue = new PendingQueue();
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final LogHealth health;
    private final Syncer syncer;
    private final Settling settling;
    private final FsyncPolicy policy;
    private final LongSupplier nanoClock;
    private final Thread thread;
    private volatile Work upkeep;
    private long lastUpkeepNanos;
    private volatile long lastSyncNanos;
    private volatile boolean closing;

    /** Work for this thread; what it throws is the caller's. */
    interface Work {
        void run() throws IOException;
    }

    private static final class Task {
        final Work work;
        final Pending done;
        Throwable thrown;

        Task(Work work, Pending done) {
            this.work = work;
            this.done = done;
        }
    }

    Flusher(
            LogHealth health,
            Syncer syncer,
            AckTeller teller,
            FsyncPolicy policy,
            LongSupplier nanoClock) {
        this.health = health;
        this.syncer = syncer;
        this.settling = new Settling(health, teller);
        this.policy = policy;
        this.nanoClock = nanoClock;
        this.lastSyncNanos = nanoClock.getAsLong();
        this.thread = EngineThreads.named("flusher").newThread(this::run);
    }

    void start() {
        thread.start();
    }

    /** Has something done about once a second. */
    void everySecond(Work work) {
        upkeep = work;
    }

    /** Under {@code window()}, the first append after it, and those behind one that waits, wait. */
    @Override
    public boolean atOnce(Stream stream, long firstOffset) {
        return !(policy instanceof FsyncPolicy.Window window)
                || stream.visibleEnd() == firstOffset
                        && nanoClock.getAsLong() - lastSyncNanos < window.window().toNanos();
    }

    @Override
    public void submit(Pending pending) {
        queue.put(pending);
    }

    /**
     * Runs work on this thread and waits for it. A failure that leaves the disk unknown must have
     * failed the log already; it is thrown here as it is.
     */
    void call(Work work) {
        var task = new Task(work, Pending.sync(null));
        tasks.add(task);
        queue.wake();
        task.done.await();
        if (task.thrown != null) {
            health.heard();
        }
        if (task.thrown instanceof WalException refused) {
            throw refused;
        }
        if (task.thrown != null) {
            throw new WalException(
                    WalException.Kind.IO, "the disk failed: " + task.thrown, task.thrown);
        }
    }

    /** Has work done soon, by this thread; nobody waits. */
    void soon(Work work) {
        tasks.add(new Task(work, null));
        queue.wake();
    }

    /** Makes everything durable that was written before; a failure fails the log. */
    void syncAll() throws IOException {
        health.requireHealthyToSync();
        lastSyncNanos = nanoClock.getAsLong();
        try {
            syncer.syncAll();
        } catch (IOException | RuntimeException | Error cause) {
            throw health.fail(cause);
        }
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = turn();
            } catch (RuntimeException | Error unexpected) {
                // This thread goes on: whoever waits for it next must hear that the log failed.
                health.fail(unexpected);
            }
        }
    }

    /** Does what is there to do, or sleeps; false when all is done and nothing will come. */
    private boolean turn() {
        boolean last = closing;
        boolean idle = tasks.isEmpty();
        runTasks();
        runUpkeep();
        Pending oldest = queue.takeAll();
        if (oldest != null) {
            syncAndSettle(oldest);
        } else if (isTickDue()) {
            tick();
        } else if (last && idle) {
            return false;
        } else if (tasks.isEmpty() && !closing) {
            queue.sleep(napNanos());
        }
        return true;
    }

    private void runTasks() {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.work.run();
            } catch (IOException | WalException thrown) {
                task.thrown = thrown;
            } catch (RuntimeException | Error unexpected) {
                task.thrown = health.fail(unexpected);
            }
            if (task.done != null) {
                task.done.settle(null);
            } else if (task.thrown != null) {
                health.fail(task.thrown);
            }
        }
    }

    private void runUpkeep() {
        Work due = upkeep;
        long now = nanoClock.getAsLong();
        if (due == null || closing || now - lastUpkeepNanos < NAP_NANOS || health.isFailed()) {
            return;
        }
        lastUpkeepNanos = now;
        try {
            due.run();
        } catch (IOException | WalException refused) {
            // What could not be given up this time is tried again the next time.
        } catch (RuntimeException | Error unexpected) {
            health.fail(unexpected);
        }
    }

    private boolean isTickDue() {
        return policy instanceof FsyncPolicy.Every every
                && !health.isFailed()
                && nanoClock.getAsLong() - lastSyncNanos >= every.interval().toNanos();
    }

    private long napNanos() {
        return policy instanceof FsyncPolicy.Every every
                ? Math.max(1, every.interval().toNanos() - (nanoClock.getAsLong() - lastSyncNanos))
                : NAP_NANOS;
    }

    private void tick() {
        lastSyncNanos = nanoClock.getAsLong();
        try {
            if (!syncer.isClean()) {
                syncAll();
            }
        } catch (IOException | WalException failed) {
            // The log is failed now: every append hears of it.
            lastSyncNanos = nanoClock.getAsLong();
        }
    }

    private void syncAndSettle(Pending oldest) {
        WalException failed = null;
        try {
            syncAll();
        } catch (IOException | WalException cause) {
            failed = health.fail(cause);
        }
        settling.settle(oldest, failed, Flusher::show);
    }

    private static void show(Pending durable) {
        durable.stream.locked(
                () -> durable.stream.acked(durable.endOffset, durable.count, durable.payloadBytes));
    }

    /** Whatever was asked for is done when this returns; nothing may be asked any more. */
    void close() {
        closing = true;
        queue.wake();
        EngineThreads.join(thread);
    }
}
