package io.walrus.wal;

import java.io.IOException;
import java.time.Instant;
import java.util.OptionalLong;

/** Finds entries by time. Within a topic, timestamps never go back. */
final class StreamTimes {

    private final Stream stream;
    private final StreamFile[] files;

    /** Of the entry that was read last. */
    private long timestampMillis;

    private StreamTimes(Stream stream) {
        this.stream = stream;
        this.files = stream.chain().files();
    }

    /** The first visible entry that can be read and is not older; empty if there is none. */
    static OptionalLong offsetAt(Stream stream, Instant time) {
        long end = stream.visibleEnd();
        try {
            long found = new StreamTimes(stream).search(stream.startOffset(), end, millis(time));
            return found < end ? OptionalLong.of(found) : OptionalLong.empty();
        } catch (IOException failed) {
            stream.requireOpen();
            throw new WalException(
                    WalException.Kind.IO,
                    "reading " + stream.name() + " failed: " + failed,
                    failed);
        }
    }

    private static long millis(Instant time) {
        try {
            return time.toEpochMilli();
        } catch (ArithmeticException beyondAnyEntry) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private long search(long from, long to, long millis) throws IOException {
        long low = from;
        long high = to;
        long found = to;
        while (low < high) {
            long middle = (low + high) >>> 1;
            long readable = firstReadable(middle, high);
            if (readable < high && timestampMillis < millis) {
                low = readable + 1;
            } else {
                found = readable < high ? readable : found;
                high = middle;
            }
        }
        return found;
    }

    /** Damage has no time and hides none behind it; the end of the range if it is all damaged. */
    private long firstReadable(long from, long to) throws IOException {
        long offset = from;
        while (offset < to) {
            try {
                read(offset);
                return offset;
            } catch (WalException damaged) {
                if (damaged.kind() != WalException.Kind.DAMAGED) {
                    throw damaged;
                }
                offset = behind(offset);
            }
        }
        return to;
    }

    /** The next offset, behind all of a file that nobody can read. */
    private long behind(long offset) {
        int at = StreamReads.fileOf(files, offset);
        boolean skipsFile = files[at].header() == null && at + 1 < files.length;
        return skipsFile ? Math.max(offset + 1, files[at + 1].firstOffset()) : offset + 1;
    }

    private void read(long offset) throws IOException {
        var frames = new FrameReader(files[StreamReads.fileOf(files, offset)]);
        frames.seek(offset);
        timestampMillis = frames.timestampMillis();
    }
}
