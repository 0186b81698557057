package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.zip.CRC32C;

/**
 * One file of a stream, with what the journal would put into it: finds every whole frame, and every
 * hole between them. One thread.
 */
final class FileScan implements Closeable {

    /** Where a frame was expected, up to where the next one is. */
    record Hole(long position, long end, long firstLost, long endLost, boolean looksLost) {}

    private final FileWindow file;
    private final FileHeader header;
    private final JournalLook journal;
    private final NavigableMap<Integer, JournalLook.Place> places;
    private final CRC32C crc = new CRC32C();
    private final List<FrameAt> frames = new ArrayList<>();
    private final List<Hole> holes = new ArrayList<>();
    private long position = FileHeader.BYTES;
    private long nextOffset;

    FileScan(Disk disk, Path path, FileHeader header, JournalLook journal) throws IOException {
        this.file = new FileWindow(disk.exists(path) ? disk.openReadOnly(path) : null);
        this.header = header;
        this.journal = journal;
        this.places = journal.framesOf(new JournalLook.FileKey(header.streamId(), header.seq()));
        this.nextOffset = header.firstOffset();
    }

    void run() throws IOException {
        while (true) {
            FrameAt frame = frameAt(position);
            if (frame != null && frame.firstOffset() == nextOffset) {
                take(frame);
                continue;
            }
            FrameAt next = nextWhole(position + FrameFormat.ALIGNMENT);
            if (next == null) {
                return;
            }
            // A writer may have finished this very frame since we looked, and the next one too.
            file.forget();
            frame = frameAt(position);
            if (frame == null || frame.firstOffset() != nextOffset) {
                holes.add(hole(next));
                take(next);
            }
        }
    }

    private Hole hole(FrameAt next) throws IOException {
        boolean looksLost = zerosFrom(position, FrameFormat.HEADER_BYTES);
        for (long at = position / 512 * 512; !looksLost && at < next.position(); at += 512) {
            looksLost = zerosFrom(at, 512);
        }
        return new Hole(position, next.position(), nextOffset, next.firstOffset(), looksLost);
    }

    private boolean zerosFrom(long at, int length) throws IOException {
        return file.firstNonZero(at, Math.min(file.size(), at + length)) < 0;
    }

    private void take(FrameAt frame) {
        frames.add(frame);
        nextOffset = frame.endOffset();
        position = frame.position() + FrameFormat.padded(frame.frameBytes());
    }

    private FrameAt frameAt(long at) throws IOException {
        long room = file.size() - at;
        if (room >= FrameFormat.HEADER_BYTES && file.show(at, FrameFormat.HEADER_BYTES)) {
            int room31 = (int) Math.min(Integer.MAX_VALUE, room);
            boolean looks =
                    FrameFormat.looksLikeFrame(
                            file.bytes(),
                            file.index(at),
                            room31,
                            (int) header.streamId(),
                            header.salt());
            if (looks
                    && file.show(at, FrameFormat.frameBytes(file.bytes(), file.index(at)))
                    && FrameFormat.isWhole(file.bytes(), file.view(), crc, file.index(at))) {
                return frame(file.bytes(), file.index(at), at, null);
            }
        }
        JournalLook.Place place = places.get((int) at);
        if (place == null || place.record().file().salt() != header.salt()) {
            return null;
        }
        ByteBuffer bytes = journal.bytesOf(place);
        return bytes == null ? null : frame(bytes, 0, at, place);
    }

    private static FrameAt frame(
            ByteBuffer bytes, int index, long position, JournalLook.Place place) {
        return new FrameAt(
                position,
                FrameFormat.frameBytes(bytes, index),
                FrameFormat.firstOffset(bytes, index),
                FrameFormat.count(bytes, index),
                FrameFormat.isBatch(bytes, index),
                FrameFormat.timestampMillis(bytes, index),
                FrameFormat.durable(bytes, index),
                place);
    }

    /** The next whole frame that goes on, from the file or from the journal; or null. */
    private FrameAt nextWhole(long from) throws IOException {
        Map.Entry<Integer, JournalLook.Place> ahead = places.ceilingEntry((int) from);
        long end = ahead == null ? file.size() : ahead.getKey();
        for (long at = from; at < Math.min(end, file.size()); at += FrameFormat.ALIGNMENT) {
            long used = file.firstNonZero(at, file.size());
            if (used < 0) {
                break;
            }
            at += (used - at) / FrameFormat.ALIGNMENT * FrameFormat.ALIGNMENT;
            FrameAt found = frameAt(at);
            if (found != null && found.firstOffset() > nextOffset) {
                return found;
            }
        }
        if (ahead == null) {
            return null;
        }
        FrameAt found = frameAt(ahead.getKey());
        return found != null && found.firstOffset() > nextOffset
                ? found
                : nextWhole(ahead.getKey() + FrameFormat.ALIGNMENT);
    }

    /** Forgets a hole and whatever is behind it. */
    void cutAt(Hole hole) {
        frames.removeIf(frame -> frame.position() >= hole.position());
        holes.removeIf(other -> other.position() >= hole.position());
        position = hole.position();
        nextOffset = hole.firstLost();
    }

    /** The bytes of a frame's payloads, one view each. */
    List<ByteBuffer> payloads(FrameAt frame) throws IOException {
        ByteBuffer body = body(frame);
        if (!frame.batch()) {
            return List.of(body);
        }
        List<ByteBuffer> payloads = new ArrayList<>(frame.count());
        int at = frame.count() * FrameFormat.LENGTH_BYTES;
        for (int n = 0; n < frame.count(); n++) {
            int length = body.getInt(n * FrameFormat.LENGTH_BYTES);
            payloads.add(body.slice(at, length));
            at += length;
        }
        return payloads;
    }

    private ByteBuffer body(FrameAt frame) throws IOException {
        ByteBuffer from;
        int index = 0;
        if (frame.place() != null) {
            from = journal.bytesOf(frame.place());
        } else {
            from = file.show(frame.position(), frame.frameBytes()) ? file.bytes() : null;
            index = file.index(frame.position());
        }
        if (from == null) {
            throw new IOException("the log went on while it was read: try again");
        }
        var copy = new byte[frame.frameBytes() - FrameFormat.HEADER_BYTES];
        from.get(index + FrameFormat.HEADER_BYTES, copy);
        return ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What a file's first frame repeats of a damaged header; null if that is damaged too. */
    static FileHeader rebuiltHeader(DiskFile file, long streamId, int seq) throws IOException {
        // Not closed: the file is its caller's.
        var window = new FileWindow(file);
        int at = FileHeader.BYTES;
        int size = (int) Math.min(Integer.MAX_VALUE, window.size());
        return isAnyFrame(window, at, streamId, new CRC32C())
                ? new FileHeader(
                        streamId,
                        seq,
                        FrameFormat.salt(window.bytes(), window.index(at)),
                        FrameFormat.firstOffset(window.bytes(), window.index(at)),
                        FrameFormat.timestampMillis(window.bytes(), window.index(at)),
                        size)
                : null;
    }

    /**
     * Whether any frame of a file without a header says that something in it was durable: a power
     * cut took none of that.
     */
    static boolean tellsOfDurable(FileWindow file, long streamId) throws IOException {
        var crc = new CRC32C();
        long last = file.size() - FrameFormat.HEADER_BYTES;
        for (long at = 0; at <= last; at += FrameFormat.ALIGNMENT) {
            long used = file.firstNonZero(at, file.size());
            if (used < 0) {
                return false;
            }
            at += (used - at) / FrameFormat.ALIGNMENT * FrameFormat.ALIGNMENT;
            if (isAnyFrame(file, at, streamId, crc)
                    && FrameFormat.durable(file.bytes(), file.index(at)) > FileHeader.BYTES) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAnyFrame(FileWindow file, long at, long streamId, CRC32C crc)
            throws IOException {
        if (!file.show(at, FrameFormat.HEADER_BYTES)) {
            return false;
        }
        int salt = FrameFormat.salt(file.bytes(), file.index(at));
        int room = (int) Math.min(Integer.MAX_VALUE, file.size() - at);
        return FrameFormat.looksLikeFrame(file.bytes(), file.index(at), room, (int) streamId, salt)
                && file.show(at, FrameFormat.frameBytes(file.bytes(), file.index(at)))
                && FrameFormat.isWhole(file.bytes(), file.view(), crc, file.index(at));
    }

    /** Payload bytes of a frame, its lengths and its header aside. */
    static long payloadBytes(FrameAt frame) {
        int lengths = frame.batch() ? frame.count() * FrameFormat.LENGTH_BYTES : 0;
        return frame.frameBytes() - FrameFormat.HEADER_BYTES - lengths;
    }

    List<FrameAt> frames() {
        return frames;
    }

    List<Hole> holes() {
        return holes;
    }

    /** Where the last frame ends. */
    long end() {
        return position;
    }

    long nextOffset() {
        return nextOffset;
    }

    /** How much of the file was durable when one of its frames was written. */
    long durableBytes() {
        return frames.stream().mapToLong(FrameAt::durable).max().orElse(0);
    }

    long sizeBytes() {
        return file.size();
    }

    /** Whether anything but zeros is behind the last frame. */
    boolean hasGarbage() throws IOException {
        return file.firstNonZero(position, file.size()) >= 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
