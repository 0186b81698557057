package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The head of a journal record, 72 bytes, little-endian, at a multiple of 8.
 *
 * <pre>
 *  0       4       8       12      16              24              32
 * +-------+-------+-------+-------+---------------+---------------+
 * | magic | bytes | salt  | kind  | group         | stream id     |
 * +-------+-------+-------+-------+---------------+---------------+
 *  32      36      40              48              56      60
 * +-------+-------+---------------+---------------+-------+-------+
 * | seq   | salt  | first offset  | created, ms   | size  | place |
 * +-------+-------+---------------+---------------+-------+-------+
 *  64      68      72
 * +-------+-------+------------------------- -
 * | f.crc | crc   | the frame, byte for byte
 * +-------+-------+------------------------- -
 * </pre>
 *
 * {@code bytes} is the whole record without padding, {@code salt} the journal file's. {@code group}
 * is where in this file the group commit that it was part of starts: everything before that was
 * durable when the record was written, so damage before it is damage, and behind it a write that
 * was cut short. A frame record (kind 1) repeats the header of the file it belongs to, so that the
 * file can be made anew, and the frame's place and crc. A cursor record (kind 2) holds the slot in
 * {@code seq} and the next offset in {@code first offset}. The crc covers bytes 0 to 68; the frame
 * has its own.
 *
 * @param kind {@link #FRAME} or {@link #CURSOR}
 * @param group position in the journal file of the first record of its group
 * @param file the header of the frame's file; for a cursor: stream id, slot as seq, value as first
 *     offset
 * @param position place of the frame in its file
 * @param frameBytes bytes of the frame; 0 for a cursor
 * @param frameCrc checksum of the frame
 */
public record JournalRecord(
        int kind, long group, FileHeader file, int position, int frameBytes, int frameCrc) {

    public static final int HEADER_BYTES = 72;
    public static final int FRAME = 1;
    public static final int CURSOR = 2;

    private static final int MAGIC = 0x4e524a57; // "WJRN"
    private static final int CRC_AT = 68;

    /** Bytes that the record takes, padding included. */
    public static int padded(int frameBytes) {
        return FrameFormat.padded(HEADER_BYTES + frameBytes);
    }

    /** A cursor's move. */
    public static JournalRecord cursor(long group, long streamId, int slot, long nextOffset) {
        return new JournalRecord(
                CURSOR, group, new FileHeader(streamId, slot, 0, nextOffset, 0, 0), 0, 0, 0);
    }

    /** A frame that lies at an index of a buffer, and belongs at a position of a file. */
    public static JournalRecord frame(
            long group,
            FileHeader file,
            int position,
            ByteBuffer frame,
            int frameAt,
            int frameBytes) {
        return new JournalRecord(
                FRAME, group, file, position, frameBytes, FrameFormat.crcOf(frame, frameAt));
    }

    /**
     * Writes the head; the frame goes right behind it.
     *
     * @param view a second view of the same bytes; its position and limit move
     */
    public void write(ByteBuffer to, ByteBuffer view, int at, int journalSalt, CRC32C crc) {
        to.putInt(at, MAGIC);
        to.putInt(at + 4, HEADER_BYTES + frameBytes);
        to.putInt(at + 8, journalSalt);
        to.putInt(at + 12, kind);
        to.putLong(at + 16, group);
        to.putLong(at + 24, file.streamId());
        to.putInt(at + 32, file.seq());
        to.putInt(at + 36, file.salt());
        to.putLong(at + 40, file.firstOffset());
        to.putLong(at + 48, file.createdMillis());
        to.putInt(at + 56, file.fileBytes());
        to.putInt(at + 60, position);
        to.putInt(at + 64, frameCrc);
        crc.reset();
        crc.update(view.limit(at + CRC_AT).position(at));
        to.putInt(at + CRC_AT, (int) crc.getValue());
    }

    /**
     * The next place, at a multiple of 8 from one on, where a head of that salt may start; -1 if
     * there is none. Looks at two words of each place and nothing else: a journal that is used
     * again is full of old records behind its end, and an opening passes over all of them.
     */
    public static int next(ByteBuffer from, int start, int journalSalt) {
        int last = from.limit() - HEADER_BYTES;
        for (int at = start; at <= last; at += FrameFormat.ALIGNMENT) {
            if (from.getInt(at) == MAGIC && from.getInt(at + 8) == journalSalt) {
                return at;
            }
        }
        return -1;
    }

    /** The head at a place, whole by its own checksum and within the limit; or null. */
    public static JournalRecord read(ByteBuffer from, int at, int journalSalt, CRC32C crc) {
        return read(from, at, from.limit() - at, journalSalt, crc);
    }

    /**
     * The same, where the frame behind it need not be in the buffer.
     *
     * @param room bytes from the head's place to the end of the journal
     */
    public static JournalRecord read(
            ByteBuffer from, int at, int room, int journalSalt, CRC32C crc) {
        if (at + HEADER_BYTES > from.limit()
                || from.getInt(at) != MAGIC
                || from.getInt(at + 8) != journalSalt) {
            return null;
        }
        int frameBytes = from.getInt(at + 4) - HEADER_BYTES;
        crc.reset();
        crc.update(from.slice(at, CRC_AT));
        if (from.getInt(at + CRC_AT) != (int) crc.getValue()
                || frameBytes < 0
                || frameBytes > room - HEADER_BYTES) {
            return null;
        }
        var file =
                new FileHeader(
                        from.getLong(at + 24),
                        from.getInt(at + 32),
                        from.getInt(at + 36),
                        from.getLong(at + 40),
                        from.getLong(at + 48),
                        from.getInt(at + 56));
        return new JournalRecord(
                from.getInt(at + 12),
                from.getLong(at + 16),
                file,
                from.getInt(at + 60),
                frameBytes,
                from.getInt(at + 64));
    }
}
