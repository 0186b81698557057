package io.walrus.wal;

import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * A file whose header is lost. Its first frame repeats it; where that is lost too, a power cut
 * takes a first sector only as long as nothing in the file was ever durable; a whole frame that was
 * written when something was tells that this is damage, and that entries that were promised are in
 * there.
 */
final class HeadlessFile {

    private final Window window;
    private final int bytes;
    private final long streamId;
    private final CRC32C crc = new CRC32C();

    /** Not closed with this: the file is its caller's. */
    HeadlessFile(DiskFile file, long streamId) throws IOException {
        this.window = ChannelBytes.wideWindow(file);
        this.bytes = (int) file.size();
        this.streamId = streamId;
    }

    /** The first frame repeats what the header said; null if that one is damaged too. */
    FileHeader headerByFirstFrame(int seq) throws IOException {
        int at = FileHeader.BYTES;
        if (at > bytes - FrameFormat.HEADER_BYTES || !isFrame(at)) {
            return null;
        }
        int index = at - window.base;
        return new FileHeader(
                streamId,
                seq,
                FrameFormat.salt(window.bytes, index),
                FrameFormat.firstOffset(window.bytes, index),
                FrameFormat.timestampMillis(window.bytes, index),
                bytes);
    }

    /** Whether any frame in it says that something in it was durable. Reads all of it. */
    boolean tellsOfDurable() throws IOException {
        for (int at = 0; at <= bytes - FrameFormat.HEADER_BYTES; ) {
            int zeros = zerosFrom(at) / FrameFormat.ALIGNMENT * FrameFormat.ALIGNMENT;
            if (zeros == 0 && isFrame(at)) {
                int index = at - window.base;
                if (FrameFormat.durable(window.bytes, index) > FileHeader.BYTES) {
                    return true;
                }
            }
            at += Math.max(zeros, FrameFormat.ALIGNMENT);
        }
        return false;
    }

    private int zerosFrom(int at) throws IOException {
        int length = Math.min(Zeros.BYTES_MAX, bytes - at);
        return window.show(at, length) ? Zeros.from(window.view, at - window.base, length) : 0;
    }

    /** Its salt is nowhere else to compare with: the frame's own checksum has to do. */
    private boolean isFrame(int at) throws IOException {
        return window.show(at, FrameFormat.HEADER_BYTES)
                && FrameFormat.looksLikeFrame(
                        window.bytes,
                        at - window.base,
                        bytes - at,
                        (int) streamId,
                        FrameFormat.salt(window.bytes, at - window.base))
                && window.show(at, FrameFormat.frameBytes(window.bytes, at - window.base))
                && FrameFormat.isWhole(window.bytes, window.view, crc, at - window.base);
    }
}
