package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Bytes of {@code cursors.dat}: a header of 64 bytes, then slots of 64 bytes, then zeros up to the
 * file's end. Header and slots consist of two copies of 32 bytes; the first is written whole before
 * the second is begun, so at most one of them is torn, and one damaged copy is told by the other.
 *
 * <pre>
 * header copy                       slot copy
 *  0 u64 magic                       0 u64 sequence, from 1; 0 in a slot that was never set
 *  8 u32 version, 12 u32 zero        8 u64 value
 * 16 u64 bytes that were forced     16 u64 stream id
 * 24 u32 CRC32C over [0,24)         24 u32 CRC32C over [0,24) and the slot's number
 * 28 u32 zero                       28 u32 zero
 * </pre>
 *
 * All numbers are little-endian.
 */
public final class CursorSlotFormat {

    public static final int HEADER_BYTES = 64;
    public static final int SLOT_BYTES = 64;
    public static final int COPY_BYTES = 32;

    private static final long HEADER_MAGIC = 0x5352_5352_5543_4c57L; // "WLCURSRS"
    private static final int VERSION = 1;
    private static final int CRC = 24;

    private CursorSlotFormat() {}

    /** A copy of a slot. */
    public record Copy(long sequence, long value, long streamId) {}

    /** Where a slot is in the file, byte. */
    public static long positionOf(int slot) {
        return HEADER_BYTES + (long) slot * SLOT_BYTES;
    }

    /** Writes one copy of the header into a mapped or plain buffer. */
    public static void writeHeaderCopy(ByteBuffer file, int at, long forcedBytes) {
        ByteBuffer copy = copyOf();
        copy.putLong(0, HEADER_MAGIC).putInt(8, VERSION).putLong(16, forcedBytes);
        copy.putInt(CRC, crc(copy, -1));
        file.put(at, copy, 0, COPY_BYTES);
    }

    /** The bytes that were forced when the header was written, if one of its copies is whole. */
    public static OptionalLong forcedBytesIn(ByteBuffer file) {
        for (int at = 0; at < HEADER_BYTES && at + COPY_BYTES <= file.limit(); at += COPY_BYTES) {
            ByteBuffer copy = copyAt(file, at);
            if (copy.getLong(0) == HEADER_MAGIC
                    && copy.getInt(8) == VERSION
                    && copy.getInt(CRC) == crc(copy, -1)) {
                return OptionalLong.of(copy.getLong(16));
            }
        }
        return OptionalLong.empty();
    }

    /** The bytes of one copy of a slot. */
    public static ByteBuffer bytesOf(int slot, Copy value) {
        ByteBuffer copy = copyOf();
        copy.putLong(0, value.sequence).putLong(8, value.value).putLong(16, value.streamId);
        copy.putInt(CRC, crc(copy, slot));
        return copy;
    }

    /** The copy at a place of the file, or null if it is torn, damaged or was never written. */
    public static Copy copyAt(ByteBuffer file, int at, int slot) {
        ByteBuffer copy = copyAt(file, at);
        if (copy.getLong(0) == 0 || copy.getInt(CRC) != crc(copy, slot)) {
            return null;
        }
        return new Copy(copy.getLong(0), copy.getLong(8), copy.getLong(16));
    }

    /** Whether a copy was never written. */
    public static boolean isBlank(ByteBuffer file, int at) {
        return file.getLong(at) == 0
                && file.getLong(at + 8) == 0
                && file.getLong(at + 16) == 0
                && file.getLong(at + 24) == 0;
    }

    private static ByteBuffer copyOf() {
        return ByteBuffer.allocate(COPY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer copyAt(ByteBuffer file, int at) {
        ByteBuffer copy = copyOf();
        copy.put(0, file, at, COPY_BYTES);
        return copy;
    }

    /** The slot's number is part of the sum: a copy in a wrong place is not taken for right. */
    private static int crc(ByteBuffer copy, int slot) {
        var crc = new CRC32C();
        crc.update(copy.array(), 0, CRC);
        crc.update(slot & 0xff);
        crc.update(slot >>> 8 & 0xff);
        crc.update(slot >>> 16 & 0xff);
        crc.update(slot >>> 24);
        return (int) crc.getValue();
    }
}
