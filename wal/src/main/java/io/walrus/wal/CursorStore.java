package io.walrus.wal;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.disk.MappedRegion;
import io.walrus.wal.format.CursorSlotFormat;
import io.walrus.wal.format.CursorSlotFormat.Copy;
import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * The values of cursors, one slot each, in a mapped file: a set is two stores to memory that
 * survive a crash of the process, and a crash of the machine after {@link #force}.
 *
 * <p>Any thread may call, but calls for one slot must not overlap: the owner of a cursor serializes
 * its moves. The lock guards growth, for as long as zeros are being written.
 */
final class CursorStore implements Closeable {

    static final String NAME = "cursors.dat";
    static final String FRESH_NAME = "cursors.dat.new";

    private static final int FIRST_BYTES = 64 << 10;
    private static final int GROWTH_BYTES_MAX = 4 << 20;
    private static final int FILE_BYTES_MAX = 1 << 30;

    /** Neither blank nor whole: stands for bytes that were durable once and are not there. */
    private static final byte LOST = -1;

    private final Path path;
    private final DiskFile file;
    private volatile MappedRegion region;
    private volatile WalException failure;
    private volatile boolean closed;

    private CursorStore(Path path, DiskFile file, long bytes) throws IOException {
        this.path = path;
        this.file = file;
        this.region = file.map(bytes);
    }

    /**
     * Opens a directory's cursors, or makes the file if no cursor was ever named.
     *
     * @param slotsInUse what the catalogue knows; a file that is missing nevertheless is damage
     */
    static CursorStore open(Disk disk, Path dir, int slotsInUse) {
        Path path = dir.resolve(NAME);
        try {
            if (!disk.exists(path)) {
                if (slotsInUse > 0) {
                    throw damaged("a file, because cursors have slots", path, 0);
                }
                create(disk, dir);
            }
            return open(disk, path);
        } catch (IOException refused) {
            throw DiskRefusal.of("open the cursors", path, refused);
        }
    }

    private static void create(Disk disk, Path dir) throws IOException {
        Path fresh = dir.resolve(FRESH_NAME);
        if (disk.exists(fresh)) {
            disk.delete(fresh);
        }
        try (DiskFile file = disk.create(fresh)) {
            ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            writeHeader(bytes, FIRST_BYTES);
            file.write(0, bytes);
            file.force();
        }
        disk.rename(fresh, dir.resolve(NAME));
        disk.syncDirectory(dir);
    }

    private static CursorStore open(Disk disk, Path path) throws IOException {
        DiskFile file = disk.open(path);
        try {
            ByteBuffer header =
                    ByteBuffer.allocate(CursorSlotFormat.HEADER_BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            file.read(0, header);
            long forcedBytes =
                    CursorSlotFormat.forcedBytesIn(header.flip())
                            .orElseThrow(
                                    () -> damaged("a header in one of its two copies", path, 0));
            long whole = makeWhole(file, forcedBytes);
            return new CursorStore(path, file, whole);
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /**
     * Makes the file safe to map. What a power cut left beyond the forced bytes may be a hole, and
     * a mapped hole faults on a full disk: so it is written again as it is.
     */
    private static long makeWhole(DiskFile file, long forcedBytes) throws IOException {
        long size = file.size();
        if (size < forcedBytes) {
            fill(file, size, forcedBytes, LOST);
            size = forcedBytes;
        }
        for (long at = forcedBytes; at < size; at += FIRST_BYTES) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(FIRST_BYTES, size - at));
            file.read(at, bytes);
            file.write(at, bytes.rewind());
        }
        long whole = Math.max(FIRST_BYTES, size + 63 & ~63L);
        if (size < whole) {
            fill(file, size, whole, (byte) 0);
        }
        return whole;
    }

    /**
     * The value of a slot, 0 if this stream never set it.
     *
     * @throws WalException DAMAGED if both copies are damaged; a later {@link #set} mends the slot
     */
    long get(int slot, long streamId) {
        ByteBuffer bytes = region.bytes();
        long position = CursorSlotFormat.positionOf(slot);
        if (position + CursorSlotFormat.SLOT_BYTES > bytes.limit()) {
            return 0;
        }
        int at = (int) position;
        Copy newest = newest(bytes, at, slot);
        if (newest == null && !isBlank(bytes, at)) {
            throw damaged(
                    "a whole copy of cursor slot %d: seek the cursor to mend it".formatted(slot),
                    path,
                    at);
        }
        return newest == null || newest.streamId() != streamId ? 0 : newest.value();
    }

    /** One blank copy is enough: the other one was then torn in its very first set. */
    private static boolean isBlank(ByteBuffer bytes, int at) {
        return CursorSlotFormat.isBlank(bytes, at)
                || CursorSlotFormat.isBlank(bytes, at + CursorSlotFormat.COPY_BYTES);
    }

    private static Copy newest(ByteBuffer bytes, int at, int slot) {
        Copy first = CursorSlotFormat.copyAt(bytes, at, slot);
        Copy second = CursorSlotFormat.copyAt(bytes, at + CursorSlotFormat.COPY_BYTES, slot);
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return first.sequence() >= second.sequence() ? first : second;
    }

    /**
     * Sets a slot: no system call, unless the file has to grow for it.
     *
     * @throws WalException FULL if there is no space to grow; the slots that there are go on
     */
    void set(int slot, long streamId, long value) {
        requireWorking();
        long position = CursorSlotFormat.positionOf(slot);
        if (position + CursorSlotFormat.SLOT_BYTES > region.bytes().limit()) {
            growFor(position + CursorSlotFormat.SLOT_BYTES);
        }
        ByteBuffer bytes = region.bytes();
        int at = (int) position;
        Copy newest = newest(bytes, at, slot);
        var next = new Copy(newest == null ? 1 : newest.sequence() + 1, value, streamId);
        write(bytes, at, CursorSlotFormat.bytesOf(slot, next));
    }

    /** The second copy stays whole until the first one is: whoever kills us finds one of them. */
    private static void write(ByteBuffer bytes, int at, ByteBuffer copy) {
        bytes.put(at, copy, 0, CursorSlotFormat.COPY_BYTES);
        VarHandle.storeStoreFence();
        bytes.put(at + CursorSlotFormat.COPY_BYTES, copy, 0, CursorSlotFormat.COPY_BYTES);
    }

    /**
     * Makes slots blank that no cursor has. A power cut may have taken a cursor's name and left its
     * value, and the next cursor that gets the slot must not find that.
     *
     * @return whether there were any; durable with the next force
     */
    boolean clearUnused(Set<Integer> used) {
        ByteBuffer bytes = region.bytes();
        boolean any = false;
        int slots = (bytes.limit() - CursorSlotFormat.HEADER_BYTES) / CursorSlotFormat.SLOT_BYTES;
        ByteBuffer view = bytes.duplicate();
        for (int slot = 0; slot < slots; slot++) {
            int at = (int) CursorSlotFormat.positionOf(slot);
            int blank = Zeros.from(view, at, bytes.limit() - at) / CursorSlotFormat.SLOT_BYTES;
            if (blank > 0) {
                slot += blank - 1;
            } else if (!used.contains(slot)) {
                for (int in = 0; in < CursorSlotFormat.SLOT_BYTES; in += Long.BYTES) {
                    bytes.putLong(at + in, 0);
                }
                any = true;
            }
        }
        return any;
    }

    /**
     * Makes both copies of everything whole again, if one is. A power cut may have left one of them
     * damaged or older, and the next one may tear the other while it is being set: so nothing may
     * be set before this is forced.
     *
     * @return whether there was anything to mend; durable with the next force
     */
    boolean mend(Set<Integer> used) {
        ByteBuffer bytes = region.bytes();
        boolean any = mendHeader(bytes);
        for (int slot : used) {
            long position = CursorSlotFormat.positionOf(slot);
            if (position + CursorSlotFormat.SLOT_BYTES <= bytes.limit()) {
                any |= mend(bytes, (int) position, slot);
            }
        }
        return any;
    }

    private static boolean mendHeader(ByteBuffer bytes) {
        if (areAlike(bytes, 0)) {
            return false;
        }
        writeHeader(bytes, CursorSlotFormat.forcedBytesIn(bytes).orElse(bytes.limit()));
        return true;
    }

    private static boolean mend(ByteBuffer bytes, int at, int slot) {
        Copy newest = areAlike(bytes, at) ? null : newest(bytes, at, slot);
        if (newest == null) {
            return false;
        }
        // One of them gets the bytes that it has.
        write(bytes, at, CursorSlotFormat.bytesOf(slot, newest));
        return true;
    }

    private static boolean areAlike(ByteBuffer bytes, int at) {
        int length = CursorSlotFormat.COPY_BYTES;
        return bytes.slice(at, length).equals(bytes.slice(at + length, length));
    }

    private synchronized void growFor(long bytesNeeded) {
        int size = region.bytes().limit();
        if (bytesNeeded <= size) {
            return;
        }
        long grown = Math.max(bytesNeeded + 63 & ~63L, size + Math.min(size, GROWTH_BYTES_MAX));
        if (grown > FILE_BYTES_MAX) {
            throw new WalException(
                    Kind.IO, "expected cursors in up to %d bytes of %s".formatted(grown, path));
        }
        try {
            fill(file, size, grown, (byte) 0);
            region = file.map(grown);
        } catch (IOException refused) {
            throw DiskRefusal.of("grow the cursors", path, refused);
        }
    }

    private static void fill(DiskFile file, long from, long to, byte with) throws IOException {
        var bytes = new byte[(int) (to - from)];
        Arrays.fill(bytes, with);
        try {
            file.write(from, ByteBuffer.wrap(bytes));
        } catch (IOException refused) {
            try {
                file.truncate(from);
            } catch (IOException alsoRefused) {
                refused.addSuppressed(alsoRefused);
            }
            throw refused;
        }
    }

    /** Makes every set that returned before durable. On the engine's threads only. */
    synchronized void force() {
        requireWorking();
        try {
            file.force();
        } catch (IOException failed) {
            failure = DiskRefusal.failed("force the cursors", path, failed);
            throw failure;
        }
        // Known to later openings from the next force on: a file shorter than this lost something.
        ByteBuffer bytes = region.bytes();
        if (CursorSlotFormat.forcedBytesIn(bytes).orElse(-1) != bytes.limit()) {
            writeHeader(bytes, bytes.limit());
        }
    }

    private static void writeHeader(ByteBuffer file, long forcedBytes) {
        CursorSlotFormat.writeHeaderCopy(file, 0, forcedBytes);
        VarHandle.storeStoreFence();
        CursorSlotFormat.writeHeaderCopy(file, CursorSlotFormat.COPY_BYTES, forcedBytes);
    }

    private void requireWorking() {
        if (closed) {
            throw new WalException(Kind.CLOSED, "the cursors are closed: open the log again");
        }
        if (failure != null) {
            throw new WalException(
                    Kind.STOPPED, "the cursors stopped earlier: " + failure.getMessage(), failure);
        }
    }

    private static WalException damaged(String expected, Path file, long position) {
        return new WalException(
                Kind.DAMAGED, "damaged cursors: expected " + expected, file, position, null);
    }

    /** Closes the file without forcing it. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            file.close();
        } catch (IOException refused) {
            throw DiskRefusal.of("close the cursors", path, refused);
        }
    }
}
