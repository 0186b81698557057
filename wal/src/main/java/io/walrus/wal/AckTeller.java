package io.walrus.wal;

import java.util.List;

/**
 * The thread that completes futures, so that what a user hangs on one never holds up a sync. One
 * hand-over per group; started with the first.
 */
final class AckTeller {

    private final EngineExecutor thread = new EngineExecutor("acks");

    void tell(List<Pending> settled) {
        if (!settled.isEmpty()) {
            thread.execute(() -> settled.forEach(Pending::tell));
        }
    }

    /** Returns when everything was told, or when a user's code holds it up for too long. */
    void close() {
        thread.close();
    }
}
