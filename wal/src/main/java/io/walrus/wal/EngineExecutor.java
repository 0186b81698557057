package io.walrus.wal;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One engine thread that does one thing after the other; started with the first. */
final class EngineExecutor implements Executor {

    private static final long TASKS_MILLIS_MAX = 30_000;

    private final ExecutorService tasks;
    private volatile Thread thread;

    EngineExecutor(String role) {
        tasks =
                Executors.newSingleThreadExecutor(
                        work -> thread = EngineThreads.named(role).newThread(work));
    }

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    /**
     * Returns when everything was done and the thread has ended, or after half a minute of somebody
     * else's code in it. Called by that code itself, it does not wait.
     */
    void close() {
        tasks.shutdown();
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                if (tasks.awaitTermination(TASKS_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                    thread.join();
                }
                over = true;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
