package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a stream's file, little-endian.
 *
 * <pre>
 *  0               8       12      16              24      28
 * +---------------+-------+-------+---------------+-------+-------+
 * | magic         |version| salt  | stream id     | seq   | size  |
 * +---------------+-------+-------+---------------+-------+-------+
 *  32              40              48      52      56      60
 * +---------------+---------------+-------+-------+-------+-------+
 * | first offset  | created, ms   | 0     | crc   | mark  | crc   |
 * +---------------+---------------+-------+-------+-------+-------+
 * </pre>
 *
 * The first crc covers bytes 0 to 52. The mark says how many bytes of the file were durable when
 * the log was closed or synced; it is the one field that changes, and has a crc of its own.
 *
 * @param streamId whose file it is
 * @param seq its number in the stream's chain, from 1
 * @param salt random per file; every frame repeats it, so no other file's frame passes as this
 *     one's
 * @param firstOffset offset of the first entry in it
 * @param createdMillis wall-clock time of its creation
 * @param fileBytes size it was prepared with
 */
public record FileHeader(
        long streamId, int seq, int salt, long firstOffset, long createdMillis, int fileBytes) {

    public static final int BYTES = 64;
    public static final int VERSION = 1;

    private static final long MAGIC = 0x31465355524c4157L; // "WALRUSF1"
    private static final int CRC_AT = 52;
    private static final int MARK_AT = 56;

    /** Writes all 64 bytes, with a mark of nothing durable. */
    public void write(ByteBuffer to, int at) {
        to.putLong(at, MAGIC);
        to.putInt(at + 8, VERSION);
        to.putInt(at + 12, salt);
        to.putLong(at + 16, streamId);
        to.putInt(at + 24, seq);
        to.putInt(at + 28, fileBytes);
        to.putLong(at + 32, firstOffset);
        to.putLong(at + 40, createdMillis);
        to.putInt(at + 48, 0);
        to.putInt(at + CRC_AT, crc(to, at, CRC_AT));
        writeMark(to, at, 0);
    }

    /** The header at a place, or null if these bytes are none. */
    public static FileHeader read(ByteBuffer from, int at) {
        boolean whole =
                at + BYTES <= from.limit()
                        && from.getLong(at) == MAGIC
                        && from.getInt(at + 8) == VERSION
                        && from.getInt(at + CRC_AT) == crc(from, at, CRC_AT);
        return whole
                ? new FileHeader(
                        from.getLong(at + 16),
                        from.getInt(at + 24),
                        from.getInt(at + 12),
                        from.getLong(at + 32),
                        from.getLong(at + 40),
                        from.getInt(at + 28))
                : null;
    }

    /** Says that so many bytes of the file are durable. */
    public static void writeMark(ByteBuffer to, int at, int durableBytes) {
        to.putInt(at + MARK_AT, durableBytes);
        to.putInt(at + MARK_AT + 4, crc(to, at + MARK_AT, 4));
    }

    /** How many bytes were durable when it was last marked; 0 if nobody said. */
    public static int readMark(ByteBuffer from, int at) {
        return from.getInt(at + MARK_AT + 4) == crc(from, at + MARK_AT, 4)
                ? from.getInt(at + MARK_AT)
                : 0;
    }

    private static int crc(ByteBuffer bytes, int at, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(at, length));
        return (int) crc.getValue();
    }
}
