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
 * | first offset  | created, ms   | crc   |entries| bytes | crc   |
 * +---------------+---------------+-------+-------+-------+-------+
 * </pre>
 *
 * The first crc covers bytes 0 to 48. The last three fields are the {@link Mark}: the one part that
 * changes, with a crc of its own over the two before it.
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

    /** Where the mark is. */
    public static final int MARK_AT = 52;

    public static final int MARK_BYTES = 12;

    private static final int CRC_AT = 48;
    private static final int MARK_CRC_AT = 8;

    /**
     * How much of a file was durable when the log was closed or synced.
     *
     * @param bytes of the file, its header included
     * @param entries in them: however damaged they are later, nobody has to guess their count
     */
    public record Mark(int bytes, int entries) {

        /** Nobody said that anything is durable. */
        public static final Mark NONE = new Mark(0, 0);

        /** Writes {@link #MARK_BYTES} bytes from an index on. */
        public void write(ByteBuffer to, int at) {
            to.putInt(at, entries);
            to.putInt(at + 4, bytes);
            to.putInt(at + MARK_CRC_AT, crc(to, at, MARK_CRC_AT));
        }

        /** The mark of the header at a place; none if it is torn or damaged. */
        public static Mark read(ByteBuffer from, int headerAt) {
            int at = headerAt + MARK_AT;
            return from.getInt(at + MARK_CRC_AT) == crc(from, at, MARK_CRC_AT)
                    ? new Mark(from.getInt(at + 4), from.getInt(at))
                    : NONE;
        }
    }

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
        to.putInt(at + CRC_AT, crc(to, at, CRC_AT));
        Mark.NONE.write(to, at + MARK_AT);
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

    private static int crc(ByteBuffer bytes, int at, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(at, length));
        return (int) crc.getValue();
    }
}
