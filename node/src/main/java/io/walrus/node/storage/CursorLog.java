package io.walrus.node.storage;

import io.walrus.metadata.CursorPosition;
import io.walrus.wal.Entry;
import io.walrus.wal.Wal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The stored shared cursor of one topic: a small log of places, of which the last one counts.
 *
 * <p>A place may point into a segment that this node does not hold, so it is kept as an entry of
 * its own and not as an offset of a stream.
 *
 * <pre>
 *  0               8               16
 *  +---------------+---------------+
 *  | segment (i64) | offset (i64)  |   big-endian
 *  +---------------+---------------+
 * </pre>
 */
final class CursorLog {

    /** Older places are dropped each time this many have piled up. */
    private static final int PLACES_KEPT_MAX = 10_000;

    private final Wal wal;
    private final String stream;
    private CursorPosition place;

    private CursorLog(Wal wal, String stream, CursorPosition place) {
        this.wal = wal;
        this.stream = stream;
        this.place = place;
    }

    static CursorLog open(Wal wal, StoredTopic topic) {
        String stream = SegmentStreams.cursorStreamOf(topic);
        wal.create(stream);
        long end = wal.endOffset(stream);
        if (end == wal.startOffset(stream)) {
            return new CursorLog(wal, stream, CursorPosition.START);
        }
        List<Entry> last = wal.readAt(stream, end - 1, Integer.MAX_VALUE);
        ByteBuffer bytes = last.get(0).payload();
        return new CursorLog(
                wal, stream, new CursorPosition((int) bytes.getLong(0), bytes.getLong(8)));
    }

    synchronized CursorPosition place() {
        return place;
    }

    /** Disk first: the place in memory moves once the write was handed to the engine in order. */
    synchronized CompletionStage<Void> move(CursorPosition next) {
        if (next.compareTo(place) < 0) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(
                            "a cursor never goes back: it is at " + place + ", asked for " + next));
        }
        if (next.equals(place)) {
            return CompletableFuture.completedFuture(null);
        }
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(0, next.segment()).putLong(8, next.offset());
        return wal.appendAsync(stream, bytes)
                .thenAccept(
                        offset -> {
                            stored(next);
                            if (offset % PLACES_KEPT_MAX == PLACES_KEPT_MAX - 1) {
                                wal.truncateBefore(stream, offset);
                            }
                        });
    }

    private synchronized void stored(CursorPosition next) {
        if (next.compareTo(place) > 0) {
            place = next;
        }
    }
}
