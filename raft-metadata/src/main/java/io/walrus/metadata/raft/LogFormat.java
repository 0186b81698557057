package io.walrus.metadata.raft;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Bytes of the replicated log's files. Big-endian.
 *
 * <pre>
 * file header  0        8        12       20       28    32
 *              | magic  | version| number | next   | crc |        next: index of the first entry to come
 *
 * frame        0        4        8    9        17       21
 *              | length | crc    |kind| index  | count  | entries…
 *              length: bytes behind crc
 *              crc: CRC32C of file number, position in the file, length, and all behind crc
 *
 * entry        0        4        8
 *              | length | crc    | bytes                            crc: CRC32C of the bytes
 * </pre>
 *
 * A batch of entries is ONE frame and is forced before the next frame is written: so at most the
 * last frame can be torn, and it was never acknowledged. Taking entries back is a frame of its own
 * ({@link #KEEP_TO}), never a cut in the file, so that a crash cannot take more.
 */
final class LogFormat {
    static final int HEADER_BYTES = 32;
    static final int FRAME_HEADER_BYTES = 21;
    static final int ENTRY_HEADER_BYTES = 8;

    /** Longest frame that is believed; a batch of the library is far below. */
    static final int FRAME_BYTES_MAX = 64 << 20;

    static final int VERSION = 1;

    /** Entries; index is the first one's. */
    static final byte ENTRIES = 1;

    /** Entries above index are void. */
    static final byte KEEP_TO = 2;

    /** All entries before this frame are void; index is the next one's. */
    static final byte BEGIN_AT = 3;

    private static final long MAGIC = 0x5752_4c4f_472d_4c31L;

    private LogFormat() {}

    static ByteBuffer header(long number, long nextIndex) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(VERSION).putLong(number).putLong(nextIndex);
        header.putInt(crc(header.array(), 0, 28));
        return header.flip();
    }

    /** The next index of a header, or -1 if these bytes are none of that file number. */
    static long nextIndexOf(ByteBuffer header, long number) {
        boolean whole = header.remaining() == HEADER_BYTES;
        if (!whole
                || header.getLong(0) != MAGIC
                || header.getInt(28) != crc(header.array(), 0, 28)
                || header.getInt(8) != VERSION
                || header.getLong(12) != number) {
            return -1;
        }
        return header.getLong(20);
    }

    /** Whether the bytes are a header of a version this code does not know. */
    static boolean isOtherVersion(ByteBuffer header) {
        return header.remaining() == HEADER_BYTES
                && header.getLong(0) == MAGIC
                && header.getInt(28) == crc(header.array(), 0, 28)
                && header.getInt(8) != VERSION;
    }

    static ByteBuffer frame(byte kind, long index, List<byte[]> entries) {
        int bytes = FRAME_HEADER_BYTES;
        for (byte[] entry : entries) {
            bytes = Math.addExact(bytes, ENTRY_HEADER_BYTES + entry.length);
        }
        if (bytes > FRAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a frame is at most " + FRAME_BYTES_MAX + " bytes, found " + bytes);
        }
        ByteBuffer frame = ByteBuffer.allocate(bytes);
        frame.position(8);
        frame.put(kind).putLong(index).putInt(entries.size());
        for (byte[] entry : entries) {
            frame.putInt(entry.length).putInt(crc(entry, 0, entry.length)).put(entry);
        }
        frame.putInt(0, bytes - 8);
        return frame.flip();
    }

    /**
     * Makes the frame valid at that place, and at no other: a copy of it inside some entry, or in
     * an old file, never passes for one.
     */
    static void sign(ByteBuffer frame, long number, long position) {
        frame.putInt(4, frameCrc(frame.array(), 0, frame.limit() - 8, number, position));
    }

    /**
     * The frame that starts at that position of the file's content, or null if there is no whole
     * and undamaged one.
     */
    static Frame frameAt(byte[] content, int position, long number) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        int left = content.length - position;
        if (left < FRAME_HEADER_BYTES) {
            return null;
        }
        int length = bytes.getInt(position);
        if (length < FRAME_HEADER_BYTES - 8 || length > left - 8) {
            return null;
        }
        if (bytes.getInt(position + 4) != frameCrc(content, position, length, number, position)) {
            return null;
        }
        return parse(content, position, 0);
    }

    /** The frame at that offset of the bytes, which are at that position of the file. */
    static Frame parse(byte[] content, int offset, int position) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        List<Entry> entries = new ArrayList<>();
        int at = offset + FRAME_HEADER_BYTES;
        for (int i = bytes.getInt(offset + 17); i > 0; i--) {
            int length = bytes.getInt(at);
            entries.add(
                    new Entry(position + at + ENTRY_HEADER_BYTES, length, bytes.getInt(at + 4)));
            at += ENTRY_HEADER_BYTES + length;
        }
        return new Frame(bytes.get(offset + 8), bytes.getLong(offset + 9), entries, position + at);
    }

    private static int frameCrc(
            byte[] content, int offset, int length, long number, long position) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(20).putLong(number).putLong(position).putInt(length).flip());
        crc.update(content, offset + 8, length);
        return (int) crc.getValue();
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** One frame: its entries' places, and where it ends in the file. */
    record Frame(byte kind, long index, List<Entry> entries, int endPosition) {}

    /** Where one entry's bytes are, and what they must sum up to. */
    record Entry(int position, int length, int crc) {}
}
