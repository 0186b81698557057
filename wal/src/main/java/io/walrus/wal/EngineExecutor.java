package io.walrus.wal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Engine threads for one role, each started with a task when those before it are busy or few. */
final class EngineExecutor implements Executor {

    private static final long TASKS_MILLIS_MAX = 30_000;

    private final ExecutorService tasks;
    private final List<Thread> started = new CopyOnWriteArrayList<>();

    /** One thread, which does one thing after the other. */
    EngineExecutor(String role) {
        this(role, 1);
    }

    EngineExecutor(String role, int threads) {
        tasks =
                Executors.newFixedThreadPool(
                        threads,
                        work -> {
                            Thread thread = EngineThreads.named(role).newThread(work);
                            started.add(thread);
                            return thread;
                        });
    }

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    /**
     * Returns when everything was done and the threads have ended, or after half a minute of
     * somebody else's code in it. Called by that code itself, it does not wait.
     */
    void close() {
        tasks.shutdown();
        if (started.contains(Thread.currentThread())) {
            return;
        }
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                if (tasks.awaitTermination(TASKS_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                    for (Thread thread : started) {
                        thread.join();
                    }
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
