package io.walrus.wal;

import io.walrus.wal.format.FrameFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads entries of a stream up to its visible end, without a lock. Every frame is checked against
 * its checksum before anything of it is handed out.
 */
final class StreamReads {

    /** Most entries of one read. */
    static final int ENTRIES_MAX = FrameFormat.COUNT_MAX;

    private final Stream stream;
    private final long end;
    private final int maxBytes;
    private final int maxEntries;
    private final List<Entry> entries;
    private long bytes;

    private StreamReads(Stream stream, long end, int maxBytes, int maxEntries) {
        this.stream = stream;
        this.end = end;
        this.maxBytes = maxBytes;
        this.maxEntries = maxEntries;
        this.entries = new ArrayList<>(Math.min(maxEntries, 16));
    }

    /**
     * Entries from an offset on: none at the end, else at least one, then as many as fit.
     *
     * @throws WalException OUT_OF_RANGE before the start; DAMAGED if the first entry cannot be read
     */
    static List<Entry> read(Stream stream, long offset, int maxBytes, int maxEntries) {
        long end = stream.visibleEnd();
        StreamFile[] files = stream.chain().files();
        requireInRange(stream, offset);
        if (offset >= end) {
            return List.of();
        }
        try {
            var reads = new StreamReads(stream, end, maxBytes, maxEntries);
            reads.collect(files, offset);
            reads.requireSome(offset);
            return reads.entries;
        } catch (IOException failed) {
            stream.requireOpen();
            requireInRange(stream, offset);
            throw new WalException(
                    WalException.Kind.IO,
                    "reading " + stream.name() + " failed: " + failed,
                    failed);
        }
    }

    /** Below the end there is an entry, or something is wrong. */
    private void requireSome(long offset) {
        if (entries.isEmpty()) {
            requireInRange(stream, offset);
            throw new WalException(
                    WalException.Kind.DAMAGED,
                    "expected entry %d of %s, found no file that holds it"
                            .formatted(offset, stream.name()),
                    stream.chain().dir(),
                    0,
                    null);
        }
    }

    /** Asked before and after: files may be dropped while somebody reads. */
    private static void requireInRange(Stream stream, long offset) {
        if (stream.isDeleted()) {
            throw new WalException(
                    WalException.Kind.NO_TOPIC, "the topic was deleted: " + stream.name());
        }
        if (offset < stream.startOffset()) {
            throw new WalException(
                    WalException.Kind.OUT_OF_RANGE,
                    "expected an offset of %d or more in %s, got %d"
                            .formatted(stream.startOffset(), stream.name(), offset));
        }
    }

    private void collect(StreamFile[] files, long offset) throws IOException {
        long next = offset;
        for (int at = fileOf(files, offset); at < files.length && next < end; at++) {
            long fileEnd = at + 1 < files.length ? Math.min(end, firstOffset(files, at + 1)) : end;
            try {
                next = collectFrom(files[at], next, fileEnd);
            } catch (WalException damaged) {
                if (entries.isEmpty()) {
                    throw damaged;
                }
                return;
            }
            if (next < fileEnd) {
                return;
            }
        }
    }

    /** The last file that starts at or before an offset. */
    static int fileOf(StreamFile[] files, long offset) {
        int low = 0;
        int high = files.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstOffset(files, middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** A file whose header is damaged starts where nobody knows: its entries are found in none. */
    private static long firstOffset(StreamFile[] files, int at) {
        return files[at].firstOffset();
    }

    /** Returns the offset after the last entry that was taken. */
    private long collectFrom(StreamFile file, long offset, long fileEnd) throws IOException {
        var frames = new FrameReader(file);
        frames.seek(offset);
        long next = offset;
        do {
            next = collectFrame(frames, next);
        } while (next == frames.endOffset() && hasRoom() && frames.next(fileEnd));
        return next;
    }

    private long collectFrame(FrameReader frames, long from) {
        long next = from;
        if (!frames.isBatch()) {
            int length = frames.frameBytes() - FrameFormat.HEADER_BYTES;
            return take(frames, next, FrameFormat.HEADER_BYTES, length) ? next + 1 : next;
        }
        int at = FrameFormat.HEADER_BYTES + frames.count() * FrameFormat.LENGTH_BYTES;
        for (long offset = frames.firstOffset(); offset < frames.endOffset(); offset++) {
            int length = frames.lengthOf((int) (offset - frames.firstOffset()));
            if (offset == next) {
                if (!take(frames, offset, at, length)) {
                    return next;
                }
                next++;
            }
            at += length;
        }
        return next;
    }

    private boolean take(FrameReader frames, long offset, int at, int length) {
        if (!entries.isEmpty() && (!hasRoom() || length > maxBytes - bytes)) {
            return false;
        }
        entries.add(new Entry(offset, frames.timestampMillis(), frames.keep(at, length)));
        bytes += length;
        return true;
    }

    private boolean hasRoom() {
        return entries.size() < maxEntries && bytes < maxBytes;
    }
}
