package io.walrus.wal;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the journal's next file made and its checkpoints run, each on a thread of its own: while a
 * checkpoint takes its time, the committer must not run out of files. A failure fails the log.
 */
final class JournalUpkeep {

    private final Journal journal;
    private final Syncer syncer;
    private final LogHealth health;
    private final Executor maker;
    private final Flusher flusher;
    private final AtomicBoolean spareAsked = new AtomicBoolean();
    private final AtomicBoolean checkpointAsked = new AtomicBoolean();

    JournalUpkeep(
            Journal journal, Syncer syncer, LogHealth health, Executor maker, Flusher flusher) {
        this.journal = journal;
        this.syncer = syncer;
        this.health = health;
        this.maker = maker;
        this.flusher = flusher;
    }

    /** Asks for whatever is due and not on its way. The committer's, behind each group. */
    void look() {
        if (journal.wantsSpare() && spareAsked.compareAndSet(false, true)) {
            maker.execute(this::makeSpare);
        }
        if (journal.wantsCheckpoint() && checkpointAsked.compareAndSet(false, true)) {
            flusher.soon(this::checkpoint);
        }
    }

    private void makeSpare() {
        try {
            journal.prepareSpare();
        } catch (IOException | RuntimeException | Error failed) {
            health.fail(failed);
        } finally {
            spareAsked.set(false);
        }
    }

    private void checkpoint() throws IOException {
        try {
            journal.checkpoint(syncer);
        } finally {
            checkpointAsked.set(false);
        }
    }
}
