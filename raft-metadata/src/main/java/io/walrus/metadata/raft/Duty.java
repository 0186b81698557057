package io.walrus.metadata.raft;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The member's own threads: one that owns all the bookkeeping (leases, proposals, membership) and
 * its timers, a few that carry the library's requests, and one that runs our callers' callbacks, so
 * that a slow one delays no lease.
 */
final class Duty implements Executor {
    private static final System.Logger LOG = System.getLogger(Duty.class.getName());
    private static final int WORK_THREADS = 4;
    private static final int WORK_QUEUE_MAX = 10_000;

    private final ScheduledThreadPoolExecutor owner;
    private final ThreadPoolExecutor work;
    private final ThreadPoolExecutor callbacks;

    Duty(int nodeId) {
        owner = new ScheduledThreadPoolExecutor(1, named("metadata-" + nodeId));
        owner.setRemoveOnCancelPolicy(true);
        owner.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        work = pool(WORK_THREADS, WORK_QUEUE_MAX, "metadata-" + nodeId + "-work");
        callbacks = pool(1, Integer.MAX_VALUE, "metadata-" + nodeId + "-callbacks");
    }

    /** Runs the task on the owning thread; dropped after the end. */
    @Override
    public void execute(Runnable task) {
        offer(task);
    }

    /** Runs the task on the owning thread; false, and never, after the end. */
    boolean offer(Runnable task) {
        try {
            owner.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a task came after the end");
            return false;
        }
    }

    void later(long delayMillis, Runnable task) {
        try {
            owner.schedule(guarded(task), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a timer came after the end");
        }
    }

    void every(long periodMillis, Runnable task) {
        owner.scheduleWithFixedDelay(
                guarded(task), periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }

    ScheduledThreadPoolExecutor timer() {
        return owner;
    }

    Executor work() {
        return work;
    }

    /** Where our callers' stages complete and their listeners run. */
    Executor callbacks() {
        return callbacks;
    }

    /** Ends all; returns when their threads are gone. Not to be called on one of them. */
    void close() throws InterruptedException {
        owner.shutdown();
        work.shutdown();
        boolean ended = owner.awaitTermination(10, TimeUnit.SECONDS);
        ended &= work.awaitTermination(10, TimeUnit.SECONDS);
        callbacks.shutdown();
        ended &= callbacks.awaitTermination(10, TimeUnit.SECONDS);
        if (!ended) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a thread of the metadata room did not end in 10 s");
        }
    }

    private static ThreadPoolExecutor pool(int threads, int queueMax, String name) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(queueMax),
                        named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a duty of the metadata room failed", e);
            }
        };
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
