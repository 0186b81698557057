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
 * monitor, for a moment. One lock is held for as long as a checkpoint runs, the other for as long
 * as a file is made or made anew, so that the journal grows while a checkpoint takes its time; the
 * committer waits for them only if it has no file to go on in. Files are used in the order of their
 * sequences, which are given under the second lock.
 */
final class Journal {

    private static final int FIRST_BYTES = 1 << 20;
    private static final int LARGEST_BYTES = 64 << 20;
    private static final int GROWTH = 4;

    /** So many of the largest may wait for a checkpoint before nothing is made ahead any more. */
    private static final int RETIRED_FILES_MAX = 2;

    /** A checkpoint that took long frees more than one; to make them again would cost more. */
    private static final int SPARES_MAX = 2;

    private static final String TEMPORARY = "next.tmp";

    private final Disk disk;
    private final Path dir;
    private final IntSupplier salts;
    private final int largestBytes;
    private final ReentrantLock checkpointing = new ReentrantLock();
    private final ReentrantLock making = new ReentrantLock();
    private final Deque<JournalFile> retired = new ArrayDeque<>();
    private final Deque<JournalFile> spares = new ArrayDeque<>();
    private volatile int spareCount;

    /** There was no space for one: not tried again before the active file is full. */
    private volatile boolean spareRefused;

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
        deleteTemporary();
        Path temporary = dir.resolve(TEMPORARY);
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

    private void deleteTemporary() throws IOException {
        Path temporary = dir.resolve(TEMPORARY);
        if (disk.exists(temporary)) {
            disk.delete(temporary);
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
     * small that it will be full before a bigger one is made. Not if much is retired: a replay
     * would meet all of it, so then appends wait for the checkpoint. The committer's only.
     */
    boolean wantsSpare() {
        int size = active.sizeBytes();
        boolean grows = FIRST_BYTES < size && size * GROWTH < largestBytes;
        return spareCount == 0 && !spareRefused && mayGrow() && (grows || position > size / 2);
    }

    private boolean mayGrow() {
        return retiredBytes < (long) RETIRED_FILES_MAX * largestBytes;
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
        making.lock();
        try {
            if (spareCount == 0) {
                int grown = Math.min(largestBytes, activeBytes() * GROWTH);
                if (disk.availableBytes(dir) > 4L * grown) {
                    createSpare(grown);
                }
            }
        } finally {
            making.unlock();
        }
    }

    /** The disk may get full meanwhile, or a quota be nearer than the disk says. */
    private void createSpare(int sizeBytes) throws IOException {
        try {
            keep(create(sizeBytes));
        } catch (IOException refused) {
            if (!DiskRefusal.isFull(refused)) {
                throw refused;
            }
            spareRefused = true;
            deleteTemporary();
        }
    }

    private synchronized void keep(JournalFile spare) {
        spares.add(spare);
        spareCount = spares.size();
    }

    private synchronized int activeBytes() {
        return active.sizeBytes();
    }

    /**
     * The active file is full and forced: goes on in the next one. If there is none and can be
     * none, everything in the active file is made durable where it belongs, and it starts again.
     */
    void rotate(Syncer syncer) throws IOException {
        if (spareCount == 0 && mayGrow()) {
            // It may be in the making: to wait for that is less than a checkpoint.
            prepareSpare();
        }
        if (!goOnInSpare()) {
            checkpointing.lock();
            try {
                if (!goOnInSpare()) {
                    checkpoint(syncer);
                    goOnOrStartAgain();
                }
            } finally {
                checkpointing.unlock();
            }
        }
        position = JournalHeader.BYTES;
        groupStart = JournalHeader.BYTES;
        spareRefused = false;
    }

    /** A spare was given its sequence before: it comes first. */
    private void goOnOrStartAgain() throws IOException {
        making.lock();
        try {
            if (!goOnInSpare()) {
                startAgain();
            }
        } finally {
            making.unlock();
        }
    }

    private synchronized boolean goOnInSpare() {
        JournalFile spare = spares.poll();
        if (spare == null) {
            return false;
        }
        spareCount = spares.size();
        retired.add(active);
        retiredBytes += active.sizeBytes();
        active = spare;
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
        checkpointing.lock();
        try {
            List<JournalFile> done = retiredByNow();
            syncer.syncAll();
            for (JournalFile file : done) {
                free(file);
            }
        } finally {
            checkpointing.unlock();
        }
    }

    private synchronized List<JournalFile> retiredByNow() {
        return List.copyOf(retired);
    }

    private void free(JournalFile done) throws IOException {
        making.lock();
        try {
            if (spareCount < SPARES_MAX && done.sizeBytes() >= activeBytes()) {
                keep(restart(done));
            } else {
                remove(done);
            }
            forget(done);
        } finally {
            making.unlock();
        }
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
        making.lock();
        try {
            startAgain();
        } finally {
            making.unlock();
        }
    }

    synchronized void close() throws IOException {
        List<JournalFile> all = new ArrayList<>(retired);
        all.add(active);
        all.addAll(spares);
        Closing.all(all.stream().map(JournalFile::file).toList());
    }

    synchronized long bytes() {
        long total = active.sizeBytes();
        for (JournalFile file : retired) {
            total += file.sizeBytes();
        }
        for (JournalFile file : spares) {
            total += file.sizeBytes();
        }
        return total;
    }
}
