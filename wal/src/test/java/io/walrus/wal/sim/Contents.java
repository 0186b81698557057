package io.walrus.wal.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * The bytes of one file, three times: as programs see them, as the disk holds them, and as the page
 * cache believes the disk to hold them (different only after a failed force). A mapping shares the
 * first; a sector is dirty where the first and the third differ. An array may be shorter than what
 * it stands for: behind it there are zeros, which is most of what a log fills its files with. The
 * disk's lock guards it.
 */
final class Contents {

    static final int SECTOR_BYTES = 512;

    /** Nobody writes to it. */
    private static final byte[] ZEROS = new byte[16 << 10];

    private byte[] live = new byte[0];
    private int liveBytes;
    private byte[] stored = new byte[0];
    private int storedBytes;

    /** A copy has the same array: it is copied before anything in it changes. */
    private boolean liveIsShared;

    private boolean storedIsShared;

    /** What the cache takes for stored; null while it is right. */
    private byte[] believed;

    private int believedBytes;

    private final BitSet filledSectors = new BitSet();
    private final BitSet writtenSectors = new BitSet();

    /** Sectors that the disk has a place for: a power cut makes holes of the others. */
    private final BitSet allocatedSectors = new BitSet();

    private boolean mapped;
    private final List<Outgrown> outgrown = new ArrayList<>();

    /** An array that mappings still show, after the file grew out of it. */
    private record Outgrown(byte[] array, byte[] seen) {}

    int size() {
        return liveBytes;
    }

    long spaceBytes() {
        return (long) filledSectors.cardinality() * SECTOR_BYTES;
    }

    /** Space that a write would newly need. */
    long spaceNeededBytes(long position, int bytes) {
        if (bytes == 0) {
            return 0;
        }
        int from = sectorOf(position);
        int to = sectorOf(position + bytes - 1) + 1;
        return (long) (to - from - filledSectors.get(from, to).cardinality()) * SECTOR_BYTES;
    }

    /** So many of a buffer's bytes from its position on, which does not move. */
    void write(long position, ByteBuffer bytes, int count) {
        if (count == 0) {
            return;
        }
        absorbOutgrown();
        int from = Math.toIntExact(position);
        int low = Math.min(count, Math.max(0, live.length - from));
        int kept = behindLastByte(bytes, low, count);
        if (kept > 0) {
            reserve(from + kept);
            ownLive();
            bytes.get(bytes.position(), live, from, kept);
        }
        doubt(sectorOf(from), sectorOf(from + count - 1));
        liveBytes = Math.max(liveBytes, from + count);
        filledSectors.set(sectorOf(from), sectorOf(from + count - 1) + 1);
        writtenSectors.set(sectorOf(from), sectorOf(from + count - 1) + 1);
    }

    /** Where the zeros start that end a range of a buffer. */
    private static int behindLastByte(ByteBuffer bytes, int low, int high) {
        int end = high;
        while (low < end) {
            int block = Math.min(ZEROS.length, end - low);
            ByteBuffer last = bytes.slice(bytes.position() + end - block, block);
            if (last.mismatch(ByteBuffer.wrap(ZEROS, 0, block)) >= 0) {
                while (last.get(block - 1) == 0) {
                    block--;
                    end--;
                }
                return end;
            }
            end -= block;
        }
        return end;
    }

    /**
     * A page that is written is dirty, whatever was in it: the cache no longer takes it for stored.
     */
    private void doubt(int fromSector, int toSector) {
        int from = fromSector * SECTOR_BYTES;
        int to = believed == null ? 0 : Math.min(believed.length, (toSector + 1) * SECTOR_BYTES);
        for (int at = from; at < to; at++) {
            believed[at] = at < stored.length ? stored[at] : 0;
        }
    }

    int read(long position, ByteBuffer into) {
        absorbOutgrown();
        int count = (int) Math.max(0, Math.min(into.remaining(), liveBytes - position));
        if (count > 0) {
            int there = Math.min(count, Math.max(0, live.length - (int) position));
            if (there > 0) {
                into.put(live, (int) position, there);
            }
            for (int left = count - there; left > 0; left -= ZEROS.length) {
                into.put(ZEROS, 0, Math.min(left, ZEROS.length));
            }
        }
        return count;
    }

    void truncate(int size) {
        absorbOutgrown();
        if (size < liveBytes) {
            ownLive();
            zeroFrom(live, size);
            int gone = sectorOf(size + SECTOR_BYTES - 1L);
            filledSectors.clear(gone, Math.max(gone, filledSectors.length()));
            writtenSectors.set(sectorOf(size), sectorOf(liveBytes - 1L) + 1);
        }
        liveBytes = size;
    }

    ByteBuffer map(int bytes) {
        absorbOutgrown();
        reserve(bytes);
        ownLive();
        mapped = true;
        return ByteBuffer.wrap(live, 0, bytes).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All that is dirty reaches the disk. */
    void force() {
        storeWritten();
        if (liveBytes < storedBytes) {
            ownStored();
            zeroFrom(stored, liveBytes);
        }
        storedBytes = liveBytes;
        believedBytes = liveBytes;
        writtenSectors.clear();
        allocatedSectors.clear();
        allocatedSectors.or(filledSectors);
        if (believed != null) {
            believed = Arrays.copyOf(live, liveBytes);
        }
    }

    /**
     * What is dirty below a place reaches the disk, and nothing else; the file is as long there.
     */
    void force(int bytes) {
        int end = sectorOf(bytes + SECTOR_BYTES - 1L);
        int size = Math.max(storedBytes, Math.min(liveBytes, bytes));
        for (int sector : dirtySectors()) {
            if (sector < end) {
                storeSector(sector, SECTOR_BYTES);
            }
        }
        writtenSectors.clear(0, end);
        BitSet below = filledSectors.get(0, end);
        allocatedSectors.or(below);
        storedBytes = size;
        if (believed != null) {
            believed = Arrays.copyOf(believed, Math.max(believed.length, size));
            int changed = Math.min(liveBytes, bytes);
            System.arraycopy(Arrays.copyOf(live, changed), 0, believed, 0, changed);
            believedBytes = Math.max(believedBytes, size);
        }
    }

    private void storeWritten() {
        if (believed != null) {
            for (int sector : dirtySectors()) {
                storeSector(sector, SECTOR_BYTES);
            }
            return;
        }
        absorbOutgrown();
        if (mapped) {
            store(0, liveBytes);
            return;
        }
        for (int from = writtenSectors.nextSetBit(0); from >= 0; ) {
            int to = writtenSectors.nextClearBit(from);
            store(from * SECTOR_BYTES, Math.min(liveBytes, to * SECTOR_BYTES));
            from = writtenSectors.nextSetBit(to);
        }
    }

    /**
     * Some of what is dirty reaches the disk, the cache believes that all did: what Linux makes of
     * a failed write-back.
     */
    void forceInVain(Random chance, boolean sectorsTear) {
        storeSome(chance, chance.nextDouble(), sectorsTear);
        believed = Arrays.copyOf(live, liveBytes);
        believedBytes = liveBytes;
        writtenSectors.clear();
    }

    /** Some of what is dirty reaches the disk by itself, as it may at any time. */
    void storeSome(Random chance, double share, boolean sectorsTear) {
        List<Integer> dirty = dirtySectors();
        for (int sector : dirty) {
            if (chance.nextDouble() < share) {
                storeSector(sector, SECTOR_BYTES);
            }
        }
        if (!dirty.isEmpty() && chance.nextInt(8) == 0) {
            int torn = dirty.get(chance.nextInt(dirty.size()));
            int arrived = 8 * chance.nextInt(SECTOR_BYTES / 8);
            if (sectorsTear) {
                storeSector(torn, arrived);
            }
        }
        if (storedBytes != liveBytes && chance.nextDouble() < share) {
            int size =
                    chance.nextInt(4) > 0
                            ? liveBytes
                            : between(chance, Math.min(storedBytes, liveBytes));
            storedBytes = size;
            ownStored();
            zeroFrom(stored, size);
            int gone = sectorOf(size + SECTOR_BYTES - 1L);
            allocatedSectors.clear(gone, Math.max(gone, allocatedSectors.length()));
        }
    }

    private int between(Random chance, int low) {
        return low + chance.nextInt(Math.max(storedBytes, liveBytes) - low + 1);
    }

    /** The file after a power cut: what was stored. */
    Contents afterPowerCut() {
        var after = new Contents();
        boolean same = stored.length <= storedBytes;
        storedIsShared |= same;
        after.live = same ? stored : Arrays.copyOf(stored, storedBytes);
        after.liveIsShared = true;
        after.liveBytes = storedBytes;
        after.stored = after.live;
        after.storedIsShared = true;
        after.storedBytes = storedBytes;
        after.filledSectors.or(allocatedSectors.get(0, sectorOf(storedBytes + SECTOR_BYTES - 1L)));
        after.allocatedSectors.or(after.filledSectors);
        return after;
    }

    /** The same file, its dirty sectors still dirty. */
    Contents copy() {
        absorbOutgrown();
        var copy = new Contents();
        // What is mapped changes under everybody's eyes.
        liveIsShared |= !mapped;
        copy.live = mapped ? Arrays.copyOf(live, Math.min(live.length, liveBytes)) : live;
        copy.liveIsShared = !mapped;
        copy.liveBytes = liveBytes;
        storedIsShared = true;
        copy.stored = stored;
        copy.storedIsShared = true;
        copy.storedBytes = storedBytes;
        copy.believed = believed == null ? null : believed.clone();
        copy.believedBytes = believedBytes;
        copy.filledSectors.or(filledSectors);
        copy.allocatedSectors.or(allocatedSectors);
        copy.writtenSectors.or(writtenSectors);
        if (mapped) {
            copy.writtenSectors.set(0, sectorOf(liveBytes + SECTOR_BYTES - 1L));
        }
        return copy;
    }

    /** The medium rots: what is read and what is stored change alike. */
    void flipBit(long bit) {
        absorbOutgrown();
        int at = Math.toIntExact(bit / 8);
        byte mask = (byte) (1 << bit % 8);
        reserve(at + 1);
        ownLive();
        live[at] ^= mask;
        ownStored();
        if (at < storedBytes && stored.length <= at) {
            stored = Arrays.copyOf(stored, at + 1);
        }
        for (byte[] image : new byte[][] {stored, believed}) {
            if (image != null && at < image.length) {
                image[at] ^= mask;
            }
        }
    }

    byte[] bytes() {
        absorbOutgrown();
        return Arrays.copyOf(live, liveBytes);
    }

    boolean isDirty() {
        return liveBytes != (believed == null ? storedBytes : believedBytes)
                || !dirtySectors().isEmpty();
    }

    /** Something was put into a hole through a mapping: on a full disk that is a fault. */
    boolean isWrittenIntoHoles() {
        return mapped && dirtySectors().stream().anyMatch(sector -> !filledSectors.get(sector));
    }

    /** Some of its bytes would not survive a power cut. */
    boolean isBehind() {
        return !dirtySectors().isEmpty();
    }

    private List<Integer> dirtySectors() {
        absorbOutgrown();
        byte[] clean = believed == null ? stored : believed;
        var dirty = new ArrayList<Integer>();
        if (mapped) {
            int at = 0;
            while (at < liveBytes) {
                int differs = firstDifference(clean, at, liveBytes);
                if (differs < 0) {
                    break;
                }
                dirty.add(sectorOf(differs));
                at = (sectorOf(differs) + 1) * SECTOR_BYTES;
            }
            return dirty;
        }
        for (int s = writtenSectors.nextSetBit(0); s >= 0; s = writtenSectors.nextSetBit(s + 1)) {
            int from = s * SECTOR_BYTES;
            int to = Math.min(liveBytes, from + SECTOR_BYTES);
            if (from < to && firstDifference(clean, from, to) >= 0) {
                dirty.add(s);
            }
        }
        return dirty;
    }

    /** Where live bytes differ from an image; behind the end of either there are zeros. Or -1. */
    private int firstDifference(byte[] image, int from, int to) {
        int common = Math.max(from, Math.min(to, Math.min(live.length, image.length)));
        int mismatch =
                from < common ? Arrays.mismatch(live, from, common, image, from, common) : -1;
        if (mismatch >= 0) {
            return from + mismatch;
        }
        byte[] longer = live.length < image.length ? image : live;
        for (int at = common; at < Math.min(to, longer.length); at++) {
            if (longer[at] != 0) {
                return at;
            }
        }
        return -1;
    }

    private void storeSector(int sector, int bytes) {
        int from = sector * SECTOR_BYTES;
        allocatedSectors.set(sector);
        store(from, Math.min(liveBytes, from + bytes));
    }

    private void store(int from, int to) {
        int there = Math.min(to, live.length);
        if (from < there) {
            if (stored.length < there) {
                stored = Arrays.copyOf(stored, live.length);
                storedIsShared = false;
            }
            ownStored();
            System.arraycopy(live, from, stored, from, there - from);
        }
        int zerosFrom = Math.max(from, there);
        int zerosTo = Math.min(to, stored.length);
        if (zerosFrom < zerosTo) {
            ownStored();
            Arrays.fill(stored, zerosFrom, zerosTo, (byte) 0);
        }
    }

    private static void zeroFrom(byte[] image, int from) {
        if (from < image.length) {
            Arrays.fill(image, from, image.length, (byte) 0);
        }
    }

    private void reserve(int bytes) {
        if (bytes <= live.length) {
            return;
        }
        byte[] before = live;
        live =
                Arrays.copyOf(
                        live,
                        Math.max(bytes, Math.min(before.length * 2, before.length + (1 << 20))));
        liveIsShared = false;
        if (mapped) {
            outgrown.add(new Outgrown(before, before.clone()));
        }
    }

    private void ownLive() {
        if (liveIsShared) {
            live = live.clone();
            liveIsShared = false;
        }
    }

    private void ownStored() {
        if (storedIsShared) {
            stored = stored.clone();
            storedIsShared = false;
        }
    }

    /** Takes over what was written through mappings made before the file grew. */
    private void absorbOutgrown() {
        for (Outgrown old : outgrown) {
            int at = Arrays.mismatch(old.array, old.seen);
            while (0 <= at && at < liveBytes) {
                live[at] = old.array[at];
                old.seen[at] = old.array[at];
                int next =
                        Arrays.mismatch(
                                old.array,
                                at + 1,
                                old.array.length,
                                old.seen,
                                at + 1,
                                old.seen.length);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }
    }

    private static int sectorOf(long position) {
        return Math.toIntExact(position / SECTOR_BYTES);
    }
}
