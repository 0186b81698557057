package io.walrus.wal;

import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * A file whose header is lost, and its first frame with it. A power cut takes a first sector only
 * as long as nothing in the file was ever durable; a whole frame that was written when something
 * was tells that this is damage, and that entries that were promised are in there.
 */
final class HeadlessFile {

    private final Window window;
    private final int bytes;
    private final int streamId;
    private final CRC32C crc = new CRC32C();

    private HeadlessFile(DiskFile file, long streamId) throws IOException {
        this.window = ChannelBytes.wideWindow(file);
        this.bytes = (int) file.size();
        this.streamId = (int) streamId;
    }

    /** Whether any frame in it says that something in it was durable. Reads all of it. */
    static boolean tellsOfDurable(DiskFile file, long streamId) throws IOException {
        return new HeadlessFile(file, streamId).tellsOfDurable();
    }

    private boolean tellsOfDurable() throws IOException {
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
                        streamId,
                        FrameFormat.salt(window.bytes, at - window.base))
                && window.show(at, FrameFormat.frameBytes(window.bytes, at - window.base))
                && FrameFormat.isWhole(window.bytes, window.view, crc, at - window.base);
    }
}
