package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A frame: one append or one batch, little-endian, at a multiple of 8, padded with zeros to the
 * next.
 *
 * <pre>
 *  0       4       8       12      16              24
 * +-------+-------+-------+-------+---------------+---------------+
 * | magic | bytes | stream|durable| first offset  | timestamp, ms |
 * +-------+-------+-------+-------+---------------+---------------+
 *  32      36      40      44      48
 * +-------+-------+-------+-------+----------------------------- -
 * | count | flags | salt  | crc   | body: lengths (batch), payloads
 * +-------+-------+-------+-------+----------------------------- -
 * </pre>
 *
 * {@code bytes} is header and body without the padding. {@code durable} is how many bytes of this
 * file were known to be durable when the frame was written: recovery can tell a place that was once
 * safe and is now damaged from one that a power cut never let reach the disk. {@code flags} 1: the
 * body starts with {@code count} lengths of 4 bytes; 0: the body is the one payload. The CRC32C
 * covers bytes 0 to 44 and the body.
 */
public final class FrameFormat {

    public static final int HEADER_BYTES = 48;
    public static final int ALIGNMENT = 8;
    public static final int FLAG_BATCH = 1;
    public static final int LENGTH_BYTES = 4;

    /** Most entries in one frame. */
    public static final int COUNT_MAX = 2_000;

    private static final int MAGIC = 0x4d524657; // "WFRM"
    private static final int CRC_AT = 44;

    private FrameFormat() {}

    /** Bytes that a frame takes in its file, padding included. */
    public static int padded(int frameBytes) {
        return (frameBytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /**
     * Writes the header over a body that is already in place, the checksum included.
     *
     * @param view a view of {@code to} whose position and limit this moves
     */
    public static void seal(
            ByteBuffer to,
            ByteBuffer view,
            CRC32C crc,
            int at,
            int frameBytes,
            int stream,
            int durable,
            long firstOffset,
            long timestampMillis,
            int count,
            int flags,
            int salt) {
        to.putInt(at + 4, frameBytes);
        to.putInt(at + 8, stream);
        to.putInt(at + 12, durable);
        to.putLong(at + 16, firstOffset);
        to.putLong(at + 24, timestampMillis);
        to.putInt(at + 32, count);
        to.putInt(at + 36, flags);
        to.putInt(at + 40, salt);
        to.putInt(at, MAGIC);
        to.putInt(at + CRC_AT, crc(view, crc, at, frameBytes));
    }

    /** The checksum as it should be. */
    public static int crc(ByteBuffer view, CRC32C crc, int at, int frameBytes) {
        crc.reset();
        crc.update(view.limit(at + CRC_AT).position(at));
        crc.update(view.limit(at + frameBytes).position(at + HEADER_BYTES));
        return (int) crc.getValue();
    }

    /**
     * These 48 bytes may start a frame of that stream's file, which ends within {@code room} bytes;
     * the checksum is another question.
     */
    public static boolean looksLikeFrame(ByteBuffer from, int at, int room, int stream, int salt) {
        return HEADER_BYTES <= room
                && from.getInt(at) == MAGIC
                && from.getInt(at + 40) == salt
                && from.getInt(at + 8) == stream
                && HEADER_BYTES <= frameBytes(from, at)
                && frameBytes(from, at) <= room
                && 1 <= count(from, at)
                && count(from, at) <= COUNT_MAX
                && firstOffset(from, at) >= 0;
    }

    /** Header and body match the checksum. */
    public static boolean isWhole(ByteBuffer from, ByteBuffer view, CRC32C crc, int at) {
        return from.getInt(at + CRC_AT) == crc(view, crc, at, frameBytes(from, at));
    }

    public static int frameBytes(ByteBuffer from, int at) {
        return from.getInt(at + 4);
    }

    public static int durable(ByteBuffer from, int at) {
        return from.getInt(at + 12);
    }

    public static long firstOffset(ByteBuffer from, int at) {
        return from.getLong(at + 16);
    }

    public static long timestampMillis(ByteBuffer from, int at) {
        return from.getLong(at + 24);
    }

    public static int count(ByteBuffer from, int at) {
        return from.getInt(at + 32);
    }

    public static int salt(ByteBuffer from, int at) {
        return from.getInt(at + 40);
    }

    public static boolean isBatch(ByteBuffer from, int at) {
        return from.getInt(at + 36) == FLAG_BATCH;
    }

    public static int crcOf(ByteBuffer from, int at) {
        return from.getInt(at + CRC_AT);
    }
}
