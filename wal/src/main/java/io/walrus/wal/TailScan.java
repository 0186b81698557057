package io.walrus.wal;

import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Looks at every frame of the file that was being written when the log ended, and decides what of
 * it is kept. Reads only; the decision is in the fields.
 *
 * <p>A place that is no frame, with whole frames behind it, is one of two things. If a frame behind
 * it was written when that place was already durable, or the file's mark says so, or the bytes are
 * not those of a write that never reached the disk: damage, and everything behind it is kept. Else
 * it is a write that a power cut took while later ones landed: nothing from there on was promised
 * to anybody, and the file is cut there.
 */
final class TailScan {

    private static final int SECTOR_BYTES = 512;

    private final Window window;
    private final FileHeader header;
    private final int fileBytes;
    private final FileHeader.Mark mark;
    private final SparseIndex index;
    private final CRC32C crc = new CRC32C();
    private final List<Hole> holes = new ArrayList<>();

    private int position = FileHeader.BYTES;
    private long nextOffset;
    private int durableSeen;
    private int lastPosition;
    private int garbageBytes;
    private boolean tailLooksLost;
    private boolean cut;
    private long timestampMillis;

    /**
     * A place where a frame was expected and none was found.
     *
     * @param position where it starts
     * @param offset first entry that is lost
     * @param end where the next whole frame starts; the end of the file if there is none
     * @param looksLost nothing seems to have been written there
     */
    record Hole(int position, long offset, int end, boolean looksLost) {}

    /** The file's index learns where frames are. */
    TailScan(Window window, FoundFile found) {
        this.window = window;
        this.header = found.header();
        this.fileBytes = found.bytes();
        this.mark = found.mark();
        this.index = found.file().index();
        this.nextOffset = header.firstOffset();
        this.timestampMillis = header.createdMillis();
    }

    /** Looks; {@link #decide} says what it means. */
    void run() throws IOException {
        while (true) {
            if (isNext(position, nextOffset)) {
                take();
                continue;
            }
            int next = nextWholeFrame(position + FrameFormat.ALIGNMENT);
            if (next < 0) {
                break;
            }
            holes.add(new Hole(position, nextOffset, next, looksLost(position, next)));
            position = next;
            window.show(next, FrameFormat.HEADER_BYTES);
            nextOffset = FrameFormat.firstOffset(window.bytes, next - window.base);
        }
        lastPosition = position;
        garbageBytes = garbageFrom(position);
        tailLooksLost = tailLooksLost();
    }

    /** What should follow was never written, as far as one can see; else it is damaged. */
    private boolean tailLooksLost() throws IOException {
        int end = position + garbageBytes;
        if (looksLikeFrame(position)) {
            end =
                    Math.max(
                            end,
                            position
                                    + FrameFormat.frameBytes(window.bytes, position - window.base));
        }
        return garbageBytes == 0 || isCutShort() || looksLost(position, end);
    }

    /**
     * The file ends in the middle of a frame: a power cut took the rest of both. One that was
     * trimmed ends behind a frame.
     */
    private boolean isCutShort() throws IOException {
        int room = fileBytes - position;
        if (header.fileBytes() <= fileBytes || room < FrameFormat.HEADER_BYTES) {
            return header.fileBytes() > fileBytes;
        }
        return looksLikeFrame(position, header.fileBytes())
                && room < FrameFormat.frameBytes(window.bytes, position - window.base);
    }

    /**
     * @param durableBehind something in a later file was durable, so all of this one was
     */
    void decide(boolean durableBehind) {
        if (!durableBehind) {
            cutWhatNeverWas();
        }
        keepDamagedLast();
    }

    private void take() {
        int at = position - window.base;
        index.offer(nextOffset, position);
        durableSeen = Math.max(durableSeen, FrameFormat.durable(window.bytes, at));
        timestampMillis = Math.max(timestampMillis, FrameFormat.timestampMillis(window.bytes, at));
        nextOffset += FrameFormat.count(window.bytes, at);
        position += FrameFormat.padded(FrameFormat.frameBytes(window.bytes, at));
    }

    private boolean isNext(int at, long offset) throws IOException {
        return isWhole(at) && FrameFormat.firstOffset(window.bytes, at - window.base) == offset;
    }

    private boolean looksLikeFrame(int at) throws IOException {
        return looksLikeFrame(at, fileBytes);
    }

    private boolean looksLikeFrame(int at, int limit) throws IOException {
        return at <= fileBytes - FrameFormat.HEADER_BYTES
                && window.show(at, FrameFormat.HEADER_BYTES)
                && FrameFormat.looksLikeFrame(
                        window.bytes,
                        at - window.base,
                        limit - at,
                        (int) header.streamId(),
                        header.salt());
    }

    private boolean isWhole(int at) throws IOException {
        return looksLikeFrame(at)
                && window.show(at, FrameFormat.frameBytes(window.bytes, at - window.base))
                && FrameFormat.isWhole(window.bytes, window.view, crc, at - window.base);
    }

    private int nextWholeFrame(int from) throws IOException {
        for (int at = from; at <= fileBytes - FrameFormat.HEADER_BYTES; ) {
            int zeros = zerosFrom(at);
            if (zeros >= FrameFormat.ALIGNMENT) {
                at += zeros / FrameFormat.ALIGNMENT * FrameFormat.ALIGNMENT;
                continue;
            }
            if (isWhole(at)
                    && FrameFormat.firstOffset(window.bytes, at - window.base) > nextOffset) {
                return at;
            }
            at += FrameFormat.ALIGNMENT;
        }
        return -1;
    }

    /** How many zeros there are from a position on, up to a limit. */
    private int zerosFrom(int at) throws IOException {
        int length = Math.min(Zeros.BYTES_MAX, fileBytes - at);
        if (length == 0 || !window.show(at, length)) {
            return 0;
        }
        return Zeros.from(window.view, at - window.base, length);
    }

    /** A header of zeros, or a whole sector of them: pages that were never written. */
    private boolean looksLost(int from, int to) throws IOException {
        if (zerosFrom(from) >= Math.min(FrameFormat.HEADER_BYTES, to - from)) {
            return true;
        }
        for (int at = from / SECTOR_BYTES * SECTOR_BYTES; at < to; at += SECTOR_BYTES) {
            if (zerosFrom(at) >= SECTOR_BYTES) {
                return true;
            }
        }
        return false;
    }

    private void cutWhatNeverWas() {
        for (int at = 0; at < holes.size(); at++) {
            Hole hole = holes.get(at);
            if (hole.looksLost() && Math.max(durableSeen, mark.bytes()) <= hole.position()) {
                garbageBytes += lastPosition - hole.position();
                position = hole.position();
                nextOffset = hole.offset();
                index.forgetFrom(position);
                holes.subList(at, holes.size()).clear();
                tailLooksLost = true;
                cut = true;
                return;
            }
        }
    }

    /** Nothing whole follows, but the mark says that something whole was here. */
    private void keepDamagedLast() {
        if (position < mark.bytes()) {
            holes.add(new Hole(position, nextOffset, mark.bytes(), false));
            nextOffset = Math.max(nextOffset, header.firstOffset() + mark.entries());
            int end = Math.min(mark.bytes(), fileBytes);
            garbageBytes = Math.max(0, position + garbageBytes - end);
            position = end;
        }
    }

    /** Damage that is kept: reading it is an error, and the stream takes no more entries. */
    List<Hole> holes() {
        return holes;
    }

    /** Where the kept part of the file ends. */
    int end() {
        return position;
    }

    /** Bytes from a position on, up to the last that is not zero. */
    private int garbageFrom(int from) throws IOException {
        int last = from;
        for (int at = from; at < fileBytes; ) {
            int zeros = zerosFrom(at);
            at += zeros;
            if (zeros < Zeros.BYTES_MAX && at < fileBytes) {
                at++;
                last = at;
            }
        }
        return last - from;
    }

    /** Bytes behind the kept part, up to the last that is not zero. */
    int garbageBytes() {
        return garbageBytes;
    }

    /** Nothing seems to have been written behind the kept part. */
    boolean isTailLost() {
        return tailLooksLost;
    }

    /** Entries of this very file were lost: in the middle, or up to where it was trimmed. */
    boolean isLostWithin() {
        boolean trimmed = header.fileBytes() > fileBytes;
        return cut || trimmed && tailLooksLost && position < fileBytes;
    }

    /** What the frames say was durable when they were written. */
    int durableBytes() {
        return durableSeen;
    }

    /** Offset after the last entry that is kept. */
    long nextOffset() {
        return nextOffset;
    }

    /** No entry that is kept is younger. */
    long timestampMillis() {
        return timestampMillis;
    }
}
