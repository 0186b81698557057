package io.walrus.wal;

import java.io.IOException;
import java.util.OptionalLong;

/** Finds entries by time. Within a topic, timestamps never go back. */
final class StreamTimes {

    private StreamTimes() {}

    /** The first visible entry that is not older; empty if all are. */
    static OptionalLong offsetAt(Stream stream, long millis) {
        long end = stream.visibleEnd();
        long low = stream.startOffset();
        long high = end;
        try {
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (timestampAt(stream, middle) < millis) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
        } catch (IOException failed) {
            stream.requireOpen();
            throw new WalException(
                    WalException.Kind.IO,
                    "reading " + stream.name() + " failed: " + failed,
                    failed);
        }
        return low < end ? OptionalLong.of(low) : OptionalLong.empty();
    }

    private static long timestampAt(Stream stream, long offset) throws IOException {
        StreamFile[] files = stream.chain().files();
        var frames = new FrameReader(files[StreamReads.fileOf(files, offset)]);
        frames.seek(offset);
        return frames.timestampMillis();
    }
}
