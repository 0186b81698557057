package io.walrus.wal;

import io.walrus.wal.format.JournalRecord;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.zip.CRC32C;

/**
 * The thread behind {@code each()}: takes whatever waits, writes it to the journal at once, syncs
 * once, and lets everybody go. While it syncs, the next group gathers by itself.
 *
 * <p>Disk first, memory after, ack last. Frames of one stream become visible in the order of their
 * submission, because this is one thread.
 */
final class Committer implements Acks {

    private static final int BUFFER_BYTES = 1 << 20;

    /** A bigger frame is forced where it is: writing it twice would cost more than the sync. */
    private static final int JOURNALED_FRAME_BYTES_MAX = 256 << 10;

    private static final long NAP_NANOS = 1_000_000_000L;

    private final PendingQueue queue = new PendingQueue();
    private final Gathering gathering;
    private final ByteBuffer buffer = LittleEndian.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer view = buffer.duplicate();
    private final CRC32C crc = new CRC32C();
    private final LogHealth health;
    private final Journal journal;
    private final Syncer.Force forceJournal;
    private final Syncer syncer;
    private final Settling settling;
    private final JournalUpkeep upkeep;
    private final Thread thread;
    private volatile boolean closing;

    Committer(
            LogHealth health,
            Journal journal,
            Syncer syncer,
            AckTeller teller,
            JournalUpkeep upkeep,
            Duration spin) {
        this.health = health;
        this.journal = journal;
        this.forceJournal = journal::force;
        this.syncer = syncer;
        this.settling = new Settling(health, teller);
        this.upkeep = upkeep;
        this.gathering = new Gathering(queue, spin);
        this.thread = EngineThreads.named("committer").newThread(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean atOnce(Stream stream, long firstOffset) {
        return false;
    }

    @Override
    public void submit(Pending pending) {
        pending.spinNanos = gathering.spinNanos();
        pending.yields = gathering.yields();
        queue.put(pending);
    }

    private void run() {
        while (true) {
            gathering.await();
            Pending oldest = queue.takeAll();
            if (oldest != null) {
                commitOrFail(oldest);
            } else if (closing) {
                return;
            } else {
                queue.sleep(NAP_NANOS);
            }
        }
    }

    /**
     * Whatever is thrown, this thread goes on: the next who waits must hear that the log failed.
     */
    private void commitOrFail(Pending oldest) {
        try {
            commit(oldest);
        } catch (RuntimeException | Error unexpected) {
            health.fail(unexpected);
        }
    }

    private void commit(Pending oldest) {
        WalException failed = null;
        long started = System.nanoTime();
        try {
            if (health.isFailed()) {
                throw new IOException("an earlier write or sync failed", health.failure());
            }
            makeDurable(oldest);
        } catch (IOException | RuntimeException | Error cause) {
            failed = health.fail(cause);
        }
        gathering.synced(System.nanoTime() - started, waiters(oldest));
        settling.settle(oldest, failed, Committer::show);
        upkeep.look();
    }

    /** Longer frames are forced in their file. */
    static boolean isJournaled(int frameBytes) {
        return frameBytes <= JOURNALED_FRAME_BYTES_MAX;
    }

    private static int waiters(Pending oldest) {
        int count = 0;
        for (Pending at = oldest; at != null; at = at.next) {
            count += at.hasWaiter() ? 1 : 0;
        }
        return count;
    }

    private static void show(Pending durable) {
        durable.file.durableUpTo(durable.position + durable.frameBytes);
        durable.stream.acked(durable.endOffset, durable.count, durable.payloadBytes);
    }

    private void makeDurable(Pending oldest) throws IOException {
        syncer.syncCatalog();
        boolean journaled = false;
        boolean inPlace = false;
        for (Pending at = oldest; at != null; at = at.next) {
            if (at.file != null && !isJournaled(at.frameBytes)) {
                inPlace = true;
            } else if (at.file != null || at.slot >= 0) {
                add(at);
                journaled = true;
            }
        }
        if (journaled) {
            writeBuffer();
            syncer.timed(forceJournal);
        }
        if (inPlace) {
            syncer.syncAll();
        }
    }

    private void add(Pending pending) throws IOException {
        int padded = JournalRecord.padded(pending.frameBytes);
        if (padded > buffer.remaining() || buffer.position() + padded > journal.room()) {
            writeBuffer();
        }
        if (padded > journal.room()) {
            syncer.timed(forceJournal);
            journal.rotate(syncer);
        }
        int at = buffer.position();
        recordOf(pending).write(buffer, view, at, journal.salt(), crc);
        if (pending.file != null) {
            buffer.put(
                    at + JournalRecord.HEADER_BYTES, pending.frame, pending.at, pending.frameBytes);
        }
        zeroPadding(at + JournalRecord.HEADER_BYTES + pending.frameBytes, at + padded);
        buffer.position(at + padded);
    }

    private void zeroPadding(int from, int to) {
        for (int at = from; at < to; at++) {
            buffer.put(at, (byte) 0);
        }
    }

    private JournalRecord recordOf(Pending pending) {
        return pending.file == null
                ? JournalRecord.cursor(
                        journal.groupStart(),
                        pending.stream.id(),
                        pending.slot,
                        pending.cursorValue)
                : JournalRecord.frame(
                        journal.groupStart(),
                        pending.file.header(),
                        pending.position,
                        pending.frame,
                        pending.at,
                        pending.frameBytes);
    }

    private void writeBuffer() throws IOException {
        if (buffer.position() > 0) {
            journal.write(buffer.flip());
        }
        buffer.clear();
    }

    /** Whatever was submitted is settled when this returns; nothing may be submitted any more. */
    void close() {
        closing = true;
        queue.wake();
        EngineThreads.join(thread);
    }
}
