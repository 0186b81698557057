package io.walrus.wal;

import java.util.concurrent.ThreadFactory;

/** The engine's own threads: daemons with a name that tells what they do. */
final class EngineThreads {

    private static final long JOIN_MILLIS = 30_000;

    private EngineThreads() {}

    static ThreadFactory named(String role) {
        return work -> {
            var thread = new Thread(work, "walrus-wal-" + role);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Waits for its end; an interrupt is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
