package io.walrus.wal;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.disk.Disk;
import io.walrus.wal.format.CatalogFormat;
import io.walrus.wal.format.CatalogRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * Which streams exist, where they start and end, and which slot each cursor has. Thread-safe.
 *
 * <p>The lock guards the state and the file's end, for one small write; a force runs outside of it.
 * Methods that force are for the engine's own threads, because an interrupt may close a file under
 * its force. A failed write or force is final: every later change is refused with STOPPED.
 */
final class Catalog implements Closeable {

    /** Kept for deletes, seals and truncations, so that a full disk never stops them soon. */
    private static final int RESERVE_BYTES = 4 << 10;

    private static final long COMPACT_RECORDS_MIN = 1024;

    private final CatalogFile file;
    private final CatalogState state;
    private final Optional<RecoveryReport.Cut> cut;
    private final int healed;
    private final Object forcing = new Object();
    private long written;
    private volatile long durable;
    private WalException failure;

    private Catalog(CatalogFile file, CatalogScan scan, long sequence) {
        this.file = file;
        this.state = scan.state();
        this.healed = scan.healed();
        this.cut =
                scan.cutAt() < 0
                        ? Optional.empty()
                        : Optional.of(
                                new RecoveryReport.Cut(
                                        "", file.path(), scan.cutAt(), scan.cutBytes()));
        this.written = sequence;
        this.durable = sequence;
    }

    /**
     * Opens the catalogue of a directory, or makes an empty one if the directory has no streams;
     * what it then holds is durable. Never starts empty because the file is missing or damaged.
     */
    static Catalog open(Disk disk, Path dir, long nowMillis) {
        Path path = dir.resolve(CatalogFile.NAME);
        try {
            long idsSeen = StreamDirectories.idBound(disk, dir);
            if (!disk.exists(path)) {
                refuseIfUsed(disk, dir, idsSeen);
                CatalogFile.replace(disk, dir, new CatalogState(1), nowMillis).close();
            }
            return open(disk, dir, idsSeen, nowMillis);
        } catch (IOException refused) {
            throw DiskRefusal.of("open the catalogue", path, refused);
        }
    }

    /** The catalogue comes first in a directory: without it there can be nothing else. */
    private static void refuseIfUsed(Disk disk, Path dir, long idsSeen) throws IOException {
        Path journal = dir.resolve("journal");
        boolean journalUsed = disk.exists(journal) && !disk.list(journal).isEmpty();
        if (idsSeen > 0 || journalUsed || disk.exists(dir.resolve(CursorStore.NAME))) {
            throw new WalException(
                    Kind.DAMAGED,
                    "expected a catalogue, because the directory was used, found none: restore the"
                            + " file from a copy, nothing was changed",
                    dir.resolve(CatalogFile.NAME),
                    0,
                    null);
        }
    }

    private static Catalog open(Disk disk, Path dir, long idsSeen, long nowMillis)
            throws IOException {
        CatalogFile file = CatalogFile.open(disk, dir);
        try {
            CatalogScan scan = CatalogScan.of(file.readAll(), file.path());
            scan.state().skipIdsBelow(idsSeen);
            List<CatalogRecord> live = scan.state().records();
            boolean mostlyDead =
                    scan.records() > COMPACT_RECORDS_MIN && live.size() < scan.records() / 2;
            boolean distrusted = FailureMark.isIn(disk, dir);
            if (scan.gap() || scan.healed() > 0 || mostlyDead || distrusted) {
                Optional<CatalogFile> fresh =
                        rewrite(disk, dir, scan, scan.gap() || distrusted, nowMillis);
                if (fresh.isPresent()) {
                    file.close();
                    return new Catalog(fresh.get(), scan, live.size());
                }
            }
            if (scan.cutAt() >= 0) {
                file.endAt(scan.end());
            }
            file.endsAt(scan.end());
            file.force();
            return new Catalog(file, scan, scan.sequence());
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /** What must be written over, must; everything else may wait for space. */
    private static Optional<CatalogFile> rewrite(
            Disk disk, Path dir, CatalogScan scan, boolean must, long nowMillis)
            throws IOException {
        try {
            return Optional.of(CatalogFile.replace(disk, dir, scan.state(), nowMillis));
        } catch (IOException refused) {
            if (must || !DiskRefusal.isFull(refused)) {
                throw refused;
            }
            return Optional.empty();
        }
    }

    /** A live view, by name; safe to walk while streams come and go. */
    SortedMap<String, StreamRecord> streams() {
        return state.streams();
    }

    /** What a power cut took of changes that were never forced, found at opening. */
    Optional<RecoveryReport.Cut> cut() {
        return cut;
    }

    /** Records of which one copy was damaged, found at opening and mended from the other. */
    int healed() {
        return healed;
    }

    /** Makes a stream, or answers with the one of that name. Not forced. */
    synchronized StreamRecord create(String name) {
        StreamRecord there = state.stream(name);
        if (there != null) {
            return there;
        }
        write(CatalogRecord.Kind.CREATED, state.nextStreamId(), 0, name, RESERVE_BYTES);
        return state.stream(name);
    }

    /** Durable when this returns. */
    void sealed(long id, long end) {
        change(CatalogRecord.Kind.SEALED, id, end);
    }

    /** Durable when this returns. A stream's start never goes back. */
    void truncatedBefore(long id, long offset) {
        change(CatalogRecord.Kind.TRUNCATED_BEFORE, id, offset);
    }

    /**
     * Durable when this returns: the stream and its cursors are gone, its id is never used again.
     */
    void deleted(long id) {
        change(CatalogRecord.Kind.DELETED, id, 0);
    }

    private void change(CatalogRecord.Kind kind, long id, long number) {
        synchronized (this) {
            requireStream(id);
            write(kind, id, number, "", 0);
        }
        force();
    }

    /** The slot of a cursor, given to it if it has none. Not forced. */
    synchronized int cursorSlot(long id, String cursor) {
        requireStream(id);
        OptionalInt slot = state.slot(id, cursor);
        if (slot.isPresent()) {
            return slot.getAsInt();
        }
        write(CatalogRecord.Kind.CURSOR_NAMED, id, state.freeSlot(), cursor, RESERVE_BYTES);
        return state.slot(id, cursor).orElseThrow();
    }

    synchronized OptionalInt findCursorSlot(long id, String cursor) {
        return state.slot(id, cursor);
    }

    /** The slots of a stream's cursors, by name. */
    synchronized Map<String, Integer> cursorSlots(long id) {
        return state.slots(id);
    }

    /** One more than the highest cursor slot in use; 0 if no cursor was ever named. */
    synchronized int cursorSlotsInUse() {
        return state.slotsInUse();
    }

    private void requireStream(long id) {
        if (state.stream(id) == null) {
            throw new WalException(Kind.NO_TOPIC, "expected a stream, found none with id " + id);
        }
    }

    private void write(
            CatalogRecord.Kind kind, long id, long number, String name, int reserveBytes) {
        requireWorking();
        var record = new CatalogRecord(kind, written + 1, durable, id, number, name);
        ByteBuffer bytes = CatalogFormat.bytesOf(record);
        try {
            file.reserve(bytes.remaining() + reserveBytes);
        } catch (IOException refused) {
            throw DiskRefusal.of("grow the catalogue", file.path(), refused);
        }
        try {
            file.append(bytes);
        } catch (IOException failed) {
            throw fail("write the catalogue", failed);
        }
        written++;
        state.apply(record);
    }

    private void requireWorking() {
        if (failure != null) {
            throw new WalException(
                    Kind.STOPPED,
                    "the catalogue stopped earlier: " + failure.getMessage(),
                    failure);
        }
    }

    private synchronized WalException fail(String doing, IOException failed) {
        failure = DiskRefusal.failed(doing, file.path(), failed);
        return failure;
    }

    /** Makes every change so far durable. On the engine's threads only. */
    void force() {
        synchronized (forcing) {
            long upTo;
            synchronized (this) {
                requireWorking();
                upTo = written;
            }
            if (upTo == durable) {
                return;
            }
            try {
                file.force();
            } catch (IOException failed) {
                throw fail("force the catalogue", failed);
            }
            durable = upTo;
        }
    }

    /** Whether there are changes that a power cut could take. */
    synchronized boolean isDirty() {
        return durable < written;
    }

    /** Closes the file without forcing it. */
    @Override
    public void close() {
        try {
            synchronized (forcing) {
                file.close();
            }
        } catch (IOException refused) {
            throw DiskRefusal.of("close the catalogue", file.path(), refused);
        }
    }
}
