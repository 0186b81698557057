package io.walrus.wal;

/**
 * The thread that completes futures, so that what a user hangs on one never holds up a sync. One
 * hand-over per group; started with the first.
 */
final class AckTeller {

    private final EngineExecutor thread = new EngineExecutor("acks");
    private final LogHealth health;
    private final InFlight inFlight;

    AckTeller(LogHealth health, InFlight inFlight) {
        this.health = health;
        this.inFlight = inFlight;
    }

    /**
     * Tells a group that is settled, oldest first through {@link Pending#next}; on this thread if
     * there can be no other.
     */
    void tell(Pending oldest) {
        if (oldest == null) {
            return;
        }
        try {
            thread.execute(() -> tellAll(oldest));
        } catch (RuntimeException | Error noThread) {
            health.fail(noThread);
            tellAll(oldest);
        }
    }

    private void tellAll(Pending oldest) {
        for (Pending at = oldest; at != null; ) {
            Pending following = at.next;
            at.next = null;
            inFlight.give(at.frameBytes);
            try {
                at.tell();
            } catch (RuntimeException | Error unexpected) {
                health.fail(unexpected);
            }
            at.stream.told();
            at = following;
        }
    }

    /** Returns when everything was told, or when a user's code holds it up for too long. */
    void close() {
        thread.close();
    }
}
