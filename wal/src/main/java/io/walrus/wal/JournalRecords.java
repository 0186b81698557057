package io.walrus.wal;

import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.JournalRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The records of one journal file, at their positions, read a piece at a time: a journal may be
 * bigger than the memory that an opening should take. One thread; the file is its caller's.
 */
final class JournalRecords {

    private final Window window;
    private final int bytes;
    private final int salt;
    private final CRC32C crc = new CRC32C();

    JournalRecords(DiskFile file, int salt) throws IOException {
        this.window = ChannelBytes.wideWindow(file);
        this.bytes = (int) file.size();
        this.salt = salt;
    }

    /** The record at a position; null if there is none that is whole, its frame included. */
    JournalRecord at(int position) throws IOException {
        if (!window.show(position, JournalRecord.HEADER_BYTES)) {
            return null;
        }
        int index = position - window.base;
        JournalRecord record = JournalRecord.read(window.bytes, index, bytes - position, salt, crc);
        boolean whole =
                record != null
                        && (record.kind() == JournalRecord.CURSOR || hasFrame(position, record));
        return whole ? record : null;
    }

    private boolean hasFrame(int position, JournalRecord record) throws IOException {
        int frameAt = position + JournalRecord.HEADER_BYTES;
        return window.show(frameAt, record.frameBytes())
                && FrameFormat.looksLikeFrame(
                        window.bytes,
                        frameAt - window.base,
                        record.frameBytes(),
                        (int) record.file().streamId(),
                        record.file().salt())
                && FrameFormat.crcOf(window.bytes, frameAt - window.base) == record.frameCrc()
                && FrameFormat.isWhole(window.bytes, window.view, crc, frameAt - window.base);
    }

    /** The frame of the record that was asked for last; it lasts until the next question. */
    ByteBuffer frame(int position, JournalRecord record) {
        int index = position + JournalRecord.HEADER_BYTES - window.base;
        return window.bytes.slice(index, record.frameBytes()).order(window.bytes.order());
    }

    /**
     * The next whole record that was written when a place was durable; -1 if there is none, and
     * that place is where a write was cut short.
     */
    int nextAfterDamage(int from) throws IOException {
        for (int at = nextHead(from + FrameFormat.ALIGNMENT); at >= 0; ) {
            JournalRecord record = at(at);
            if (record != null && record.group() > from) {
                return at;
            }
            at = nextHead(at + FrameFormat.ALIGNMENT);
        }
        return -1;
    }

    /** What was never written is passed over in big steps: it is most of a young journal. */
    private int nextHead(int from) throws IOException {
        int at = from;
        while (window.show(at, JournalRecord.HEADER_BYTES)) {
            int index = at - window.base;
            int inSight = window.bytes.limit() - index;
            int zeros = Zeros.from(window.view, index, inSight) & -FrameFormat.ALIGNMENT;
            if (zeros == 0) {
                int found = JournalRecord.next(window.bytes, index, salt);
                if (found >= 0) {
                    return window.base + found;
                }
                int looked = inSight - JournalRecord.HEADER_BYTES;
                at += (looked & -FrameFormat.ALIGNMENT) + FrameFormat.ALIGNMENT;
            }
            at += zeros;
        }
        return -1;
    }
}
