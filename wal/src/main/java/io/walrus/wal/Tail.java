package io.walrus.wal;

import java.nio.ByteBuffer;

/**
 * The last frames of a file, in memory. Written by the stream's writer under its lock; any thread
 * may read what is below the file's used bytes, and must look afterwards whether it is the file's
 * tail still: its memory is used again.
 */
final class Tail {

    private final ByteBuffer bytes;
    private final int base;
    private int filled;
    private int written;

    /**
     * @param base position in the file of its first byte
     */
    Tail(ByteBuffer bytes, int base) {
        this.bytes = bytes;
        this.base = base;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    int base() {
        return base;
    }

    /** Room behind the base, used or not. */
    int capacity() {
        return bytes.capacity();
    }

    boolean fits(int position, int length) {
        return base <= position && length <= capacity() - (position - base);
    }

    /**
     * A frame is complete here; the bytes up to the next one's place become zeros, whatever was
     * there.
     */
    void filled(int end, int nextPosition) {
        filled = end - base;
        for (int at = filled; at < nextPosition - base; at++) {
            bytes.put(at, (byte) 0);
        }
    }

    /** Some of it is in memory only. */
    boolean isBehind() {
        return written < filled;
    }

    /** What is in memory only; it goes to {@link #unwrittenFrom}. */
    ByteBuffer unwritten() {
        return bytes.duplicate().limit(filled).position(written);
    }

    int unwrittenFrom() {
        return base + written;
    }

    void written() {
        written = filled;
    }
}
