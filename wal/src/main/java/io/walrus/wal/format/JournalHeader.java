package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The head of a journal file: the same 64 bytes twice, at 0 and at 512, little-endian, so that a
 * torn rewrite leaves one of them.
 *
 * <pre>
 *  0               8       12      16              24      28
 * +---------------+-------+-------+---------------+-------+- - - -
 * | magic         |version| salt  | sequence      | crc   | zeros
 * +---------------+-------+-------+---------------+-------+- - - -
 * </pre>
 *
 * @param sequence order of the journal's files; only grows, and changes when a file is used again
 * @param salt random per use; every record repeats it, so nothing of an earlier use passes
 */
public record JournalHeader(long sequence, int salt) {

    public static final int SECOND_AT = 512;

    /** Where records start. */
    public static final int BYTES = 1024;

    private static final long MAGIC = 0x314a5355524c4157L; // "WALRUSJ1"
    private static final int COPY_BYTES = 64;
    private static final int CRC_AT = 24;

    /** One copy of it. */
    public ByteBuffer copy() {
        ByteBuffer bytes = LittleEndian.allocate(COPY_BYTES);
        bytes.putLong(0, MAGIC).putInt(8, FileHeader.VERSION).putInt(12, salt);
        bytes.putLong(16, sequence).putInt(CRC_AT, crc(bytes, 0));
        return bytes;
    }

    /** The newer valid one of the two copies, or null if there is none. */
    public static JournalHeader read(ByteBuffer from) {
        JournalHeader first = readCopy(from, 0);
        JournalHeader second = readCopy(from, SECOND_AT);
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return first.sequence >= second.sequence ? first : second;
    }

    private static JournalHeader readCopy(ByteBuffer from, int at) {
        boolean whole =
                at + COPY_BYTES <= from.limit()
                        && from.getLong(at) == MAGIC
                        && from.getInt(at + 8) == FileHeader.VERSION
                        && from.getInt(at + CRC_AT) == crc(from, at);
        return whole ? new JournalHeader(from.getLong(at + 16), from.getInt(at + 12)) : null;
    }

    private static int crc(ByteBuffer bytes, int at) {
        var crc = new CRC32C();
        crc.update(bytes.slice(at, CRC_AT));
        return (int) crc.getValue();
    }
}
