package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 8 bytes of a file that was made ahead and is not used yet, little-endian.
 *
 * <pre>
 *  0       4       8
 * +-------+-------+
 * | magic | crc   |
 * +-------+-------+
 * </pre>
 *
 * The crc is over the magic, the stream's id and the file's number. A file is begun by writing its
 * {@link FileHeader} over the mark, before any frame, and a sync of the file covers the header. So
 * where the mark is whole, nothing in the file was ever durable, whatever is behind it. One word of
 * 8 bytes: a write of it is there or not, never in part.
 */
public final class AheadMark {

    public static final int BYTES = 8;

    private static final int MAGIC = 0x44484157; // "WAHD"

    private AheadMark() {}

    /** The mark of a stream's file. */
    public static ByteBuffer bytesOf(long streamId, int seq) {
        return LittleEndian.allocate(BYTES).putInt(MAGIC).putInt(crc(streamId, seq)).flip();
    }

    /** Whether a file starts with its mark; the bytes from their first to their limit. */
    public static boolean isIn(ByteBuffer start, long streamId, int seq) {
        return BYTES <= start.limit()
                && start.getInt(0) == MAGIC
                && start.getInt(4) == crc(streamId, seq);
    }

    private static int crc(long streamId, int seq) {
        var crc = new CRC32C();
        crc.update(LittleEndian.allocate(16).putInt(MAGIC).putLong(streamId).putInt(seq).flip());
        return (int) crc.getValue();
    }
}
