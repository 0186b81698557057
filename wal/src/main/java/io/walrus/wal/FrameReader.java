package io.walrus.wal;

import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Finds frames in one file by offset. Hops from header to header, from the nearest place that the
 * index knows; where a header is not what it should be, searches on for the next whole frame, so
 * that damage costs only what is damaged. Not thread-safe; one per read.
 */
final class FrameReader {

    private final StreamFile file;
    private final Window window;
    private final CRC32C crc = new CRC32C();
    private final int stream;
    private final int salt;

    private int position;
    private long firstOffset;
    private int count;
    private int frameBytes;

    /** The frame before, whose length brought us here; -1 if there is none. */
    private int previousPosition = -1;

    private long previousOffset;

    FrameReader(StreamFile file) throws IOException {
        this.file = file;
        this.window = file.bytes().window(file::usedBytes);
        if (file.header() == null) {
            throw damaged(0, "expected a file header, found bytes that are none");
        }
        this.stream = (int) file.header().streamId();
        this.salt = file.header().salt();
    }

    /**
     * Goes to the frame that holds an offset and matches its checksum; the offset must be of this
     * file and below the published end.
     *
     * @throws WalException DAMAGED if that frame, and with it the offset, is lost
     */
    void seek(long offset) throws IOException {
        if (!file.isIndexed()) {
            IndexBuilder.build(file);
        }
        int slot = file.index().floor(offset);
        position = slot < 0 ? FileHeader.BYTES : file.index().position(slot);
        firstOffset = slot < 0 ? file.header().firstOffset() : file.index().offset(slot);
        previousPosition = -1;
        hopTo(offset);
    }

    private void hopTo(long offset) throws IOException {
        if (offset < firstOffset) {
            throw damaged(
                    position,
                    "expected entry %d, found entry %d: the file before is lost"
                            .formatted(offset, firstOffset));
        }
        while (true) {
            if (!here(firstOffset)) {
                resync(offset);
            } else if (offset >= firstOffset + count) {
                hop();
            } else if (isVerified()) {
                return;
            } else {
                // Its count may be what is damaged: the offset may be another frame's.
                searchFrom(position, firstOffset, offset);
            }
        }
    }

    /** Goes to the next frame of this file, or says false at its end. */
    boolean next(long endOffset) throws IOException {
        if (firstOffset + count >= endOffset
                || position + FrameFormat.padded(frameBytes) >= end()) {
            return false;
        }
        hop();
        if (!here(firstOffset)) {
            resync(firstOffset);
        } else if (!isVerified()) {
            searchFrom(position, firstOffset, firstOffset);
        }
        return true;
    }

    /** Goes to the first frame of the file that is whole enough to find. */
    void seekFirst() throws IOException {
        position = FileHeader.BYTES;
        firstOffset = file.header().firstOffset();
        previousPosition = -1;
        if (!here(firstOffset)) {
            resync(Long.MAX_VALUE);
        }
    }

    /** Goes to the next frame that can be found, over damage; false at the end of the file. */
    boolean nextWhole() throws IOException {
        if (position + FrameFormat.padded(frameBytes) >= end()) {
            return false;
        }
        hop();
        if (!here(firstOffset)) {
            resync(Long.MAX_VALUE);
        }
        return true;
    }

    private void hop() {
        previousPosition = position;
        previousOffset = firstOffset;
        position += FrameFormat.padded(frameBytes);
        firstOffset += count;
    }

    /** A frame with that first offset starts at the position. */
    private boolean here(long expected) throws IOException {
        if (!looksLikeFrame(position)
                || FrameFormat.firstOffset(window.bytes, position - window.base) != expected) {
            return false;
        }
        readHeader();
        return true;
    }

    private void readHeader() {
        int at = position - window.base;
        firstOffset = FrameFormat.firstOffset(window.bytes, at);
        count = FrameFormat.count(window.bytes, at);
        frameBytes = FrameFormat.frameBytes(window.bytes, at);
    }

    private boolean looksLikeFrame(int at) throws IOException {
        return 0 <= at
                && at <= end() - FrameFormat.HEADER_BYTES
                && window.show(at, FrameFormat.HEADER_BYTES)
                && FrameFormat.looksLikeFrame(
                        window.bytes, at - window.base, end() - at, stream, salt);
    }

    private boolean isWholeFrame(int at) throws IOException {
        if (!looksLikeFrame(at)) {
            return false;
        }
        int length = FrameFormat.frameBytes(window.bytes, at - window.base);
        return window.show(at, length)
                && FrameFormat.isWhole(window.bytes, window.view, crc, at - window.base);
    }

    private int end() {
        return file.usedBytes();
    }

    /** The header here is not what it should be, or the last hop was by a damaged one. */
    private void resync(long offset) throws IOException {
        if (previousPosition >= 0 && !isWholeFrame(previousPosition)) {
            searchFrom(previousPosition, previousOffset, offset);
        } else {
            searchFrom(position, firstOffset, offset);
        }
    }

    /**
     * Goes to the next whole frame behind a damaged one, if that is not already beyond the offset.
     *
     * @throws WalException DAMAGED if it is, or there is none
     */
    private void searchFrom(int lostFrom, long lostOffset, long offset) throws IOException {
        for (int at = lostFrom + FrameFormat.ALIGNMENT;
                at <= end() - FrameFormat.HEADER_BYTES;
                at += FrameFormat.ALIGNMENT) {
            if (isWholeFrame(at)
                    && FrameFormat.firstOffset(window.bytes, at - window.base) > lostOffset) {
                position = at;
                readHeader();
                if (offset < firstOffset) {
                    throw damaged(
                            lostFrom,
                            "expected entry %d, found damage; entry %d is the next that is whole"
                                    .formatted(offset, firstOffset));
                }
                previousPosition = -1;
                return;
            }
        }
        throw damaged(lostFrom, "expected entry %d, found damage".formatted(offset));
    }

    /** All of the frame is in sight and matches its checksum. */
    private boolean isVerified() throws IOException {
        if (!window.show(position, frameBytes)) {
            return false;
        }
        if (count > 1 && file.lastVerified() == position) {
            return true;
        }
        boolean whole = FrameFormat.isWhole(window.bytes, window.view, crc, position - window.base);
        if (whole && count > 1) {
            file.verified(position);
        }
        return whole;
    }

    private WalException damaged(int at, String what) {
        return new WalException(WalException.Kind.DAMAGED, what, file.path(), at, null);
    }

    int position() {
        return position;
    }

    long firstOffset() {
        return firstOffset;
    }

    long endOffset() {
        return firstOffset + count;
    }

    int frameBytes() {
        return frameBytes;
    }

    int count() {
        return count;
    }

    boolean isBatch() {
        return FrameFormat.isBatch(window.bytes, position - window.base);
    }

    long timestampMillis() {
        return FrameFormat.timestampMillis(window.bytes, position - window.base);
    }

    /** Length of the n-th payload of a batch that was verified. */
    int lengthOf(int n) {
        return window.bytes.getInt(
                position - window.base + FrameFormat.HEADER_BYTES + n * FrameFormat.LENGTH_BYTES);
    }

    /** Bytes of the frame from an index on, to keep. */
    ByteBuffer keep(int fromFrameStart, int length) {
        return window.keep(position + fromFrameStart, length);
    }
}
