package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.JournalHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * The one journal that makes many streams durable with one write and one sync. A file of it is
 * pre-written; when it is full the next takes over, and it may be used again once a checkpoint has
 * made everything in it durable where it belongs.
 *
 * <p>{@link #write} and {@link #force} belong to the committer. Files change hands under the
 * monitor, for a moment. The lock is held for as long as a file is being made or a checkpoint runs;
 * the committer waits for it only if it has no file to go on in.
 */
final class Journal {

    private static final int FIRST_BYTES = 1 << 20;
    private static final int LARGEST_BYTES = 64 << 20;
    private static final int GROWTH = 4;
    private static final String TEMPORARY = "next.tmp";

    private final Disk disk;
    private final Path dir;
    private final IntSupplier salts;
    private final int largestBytes;
    private final ReentrantLock upkeep = new ReentrantLock();
    private final Deque<JournalFile> retired = new ArrayDeque<>();
    private volatile JournalFile spare;
    private JournalFile active;
    private long lastSequence;
    private volatile long retiredBytes;
    private int position;
    private int groupStart;

    private record JournalFile(Path path, DiskFile file, int sizeBytes, JournalHeader header) {}

    /** The name of the file that was first used with a sequence. */
    static String name(long sequence) {
        return "%016x.jnl".formatted(sequence);
    }

    /**
     * Starts with a file of its own, behind every sequence there was.
     *
     * @param fileBytes how big files of this log get: the journal's get no bigger, if they hold a
     *     frame at all
     */
    Journal(Disk disk, Path dir, IntSupplier salts, long lastSequence, long fileBytes)
            throws IOException {
        this.disk = disk;
        this.dir = dir;
        this.salts = salts;
        this.largestBytes = (int) Math.max(FIRST_BYTES, Math.min(LARGEST_BYTES, fileBytes));
        this.lastSequence = lastSequence;
        this.active = create(FIRST_BYTES);
        this.position = JournalHeader.BYTES;
        this.groupStart = JournalHeader.BYTES;
    }

    private JournalFile create(int sizeBytes) throws IOException {
        var header = new JournalHeader(++lastSequence, salts.getAsInt());
        Path temporary = dir.resolve(TEMPORARY);
        if (disk.exists(temporary)) {
            disk.delete(temporary);
        }
        DiskFile file = disk.create(temporary);
        try {
            FileFactory.fill(file, 0, sizeBytes);
            file.write(0, header.copy());
            file.write(JournalHeader.SECOND_AT, header.copy());
            file.force();
            Path path = dir.resolve(name(header.sequence()));
            disk.rename(temporary, path);
            disk.syncDirectory(dir);
            return new JournalFile(path, file, sizeBytes, header);
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    int salt() {
        return active.header().salt();
    }

    /** Bytes that still fit into the active file. */
    int room() {
        return active.sizeBytes() - position;
    }

    void write(ByteBuffer records) throws IOException {
        int bytes = records.remaining();
        active.file().write(position, records);
        position += bytes;
    }

    void force() throws IOException {
        active.file().force();
        groupStart = position;
    }

    /** Where the records that are not forced yet start. */
    int groupStart() {
        return groupStart;
    }

    /**
     * Worth a call of prepare: there is no other file yet, and the active one is half used, or so
     * small that it will be full before a bigger one is made.
     */
    boolean wantsSpare() {
        int size = active.sizeBytes();
        boolean grows = FIRST_BYTES < size && size * GROWTH < largestBytes;
        return spare == null && (grows || position > size / 2);
    }

    /**
     * As much is retired as the largest file holds. Sooner it would cost more than it frees: with
     * very many streams, every file of them is forced for each of the journal's first small ones.
     */
    boolean wantsCheckpoint() {
        return retiredBytes >= largestBytes;
    }

    /** Makes the next file, bigger than this one. If there is no space it goes on without. */
    void prepareSpare() throws IOException {
        upkeep.lock();
        try {
            if (spare == null) {
                int grown = Math.min(largestBytes, activeBytes() * GROWTH);
                if (disk.availableBytes(dir) > 4L * grown) {
                    spare = create(grown);
                }
            }
        } finally {
            upkeep.unlock();
        }
    }

    private synchronized int activeBytes() {
        return active.sizeBytes();
    }

    /**
     * The active file is full and forced: goes on in the next one. Without one, everything in the
     * active file is made durable where it belongs, and it starts again.
     */
    void rotate(Syncer syncer) throws IOException {
        if (!goOnInSpare()) {
            upkeep.lock();
            try {
                if (!goOnInSpare()) {
                    checkpoint(syncer);
                    startAgain();
                }
            } finally {
                upkeep.unlock();
            }
        }
        position = JournalHeader.BYTES;
        groupStart = JournalHeader.BYTES;
    }

    private synchronized boolean goOnInSpare() {
        if (spare == null) {
            return false;
        }
        retired.add(active);
        retiredBytes += active.sizeBytes();
        active = spare;
        spare = null;
        return true;
    }

    private synchronized void startAgain() throws IOException {
        active = restart(active);
    }

    /**
     * Makes everything in files that are retired by now durable where it belongs, and frees them,
     * oldest first.
     */
    void checkpoint(Syncer syncer) throws IOException {
        upkeep.lock();
        try {
            List<JournalFile> done = retiredByNow();
            syncer.syncAll();
            for (JournalFile file : done) {
                free(file);
            }
        } finally {
            upkeep.unlock();
        }
    }

    private synchronized List<JournalFile> retiredByNow() {
        return List.copyOf(retired);
    }

    private void free(JournalFile done) throws IOException {
        if (spare == null && done.sizeBytes() >= activeBytes()) {
            spare = restart(done);
        } else {
            remove(done);
        }
        forget(done);
    }

    private synchronized void forget(JournalFile done) {
        retired.remove(done);
        retiredBytes -= done.sizeBytes();
    }

    /** The same file with a new salt, so that nothing that is in it counts any more. */
    private JournalFile restart(JournalFile file) throws IOException {
        var header = new JournalHeader(++lastSequence, salts.getAsInt());
        file.file().write(0, header.copy());
        file.file().force();
        file.file().write(JournalHeader.SECOND_AT, header.copy());
        file.file().force();
        return new JournalFile(file.path(), file.file(), file.sizeBytes(), header);
    }

    private void remove(JournalFile file) throws IOException {
        file.file().close();
        disk.delete(file.path());
        disk.syncDirectory(dir);
    }

    /** Everything is durable where it belongs: nothing is left to replay. */
    void clear() throws IOException {
        startAgain();
    }

    synchronized void close() throws IOException {
        List<JournalFile> all = new ArrayList<>(retired);
        all.add(active);
        if (spare != null) {
            all.add(spare);
        }
        Closing.all(all.stream().map(JournalFile::file).toList());
    }

    synchronized long bytes() {
        long total = active.sizeBytes() + (spare == null ? 0 : spare.sizeBytes());
        for (JournalFile file : retired) {
            total += file.sizeBytes();
        }
        return total;
    }
}
