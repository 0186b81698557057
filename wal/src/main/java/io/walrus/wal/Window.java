package io.walrus.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One reader's sight of a file. After {@link #show} the bytes asked for are in {@link #bytes} from
 * index {@code position - base}. Not thread-safe; one per read.
 */
abstract class Window {

    /** What is in sight, little-endian; by index only. */
    ByteBuffer bytes;

    /** A second view of the same bytes, for checksums; its position and limit move. */
    ByteBuffer view;

    /** Position in the file of the first byte in sight. */
    int base;

    /** Brings so many bytes from a position into sight; false if the file ends before them. */
    abstract boolean show(int position, int length) throws IOException;

    /** A read-only copy or view of bytes in sight that outlives the window. */
    abstract ByteBuffer keep(int position, int length);

    /** From now on a buffer is in sight, whose first byte is at a position of the file. */
    final void look(ByteBuffer at, int position) {
        bytes = at;
        view = at.duplicate();
        base = position;
    }

    /** Keeps bytes of a buffer that is used again, or that the file has more of. */
    final ByteBuffer copy(int position, int length) {
        var copy = new byte[length];
        bytes.get(position - base, copy);
        return ByteBuffer.wrap(copy).asReadOnlyBuffer();
    }

    /** Keeps bytes of a mapping, where they stay. */
    final ByteBuffer slice(int position, int length) {
        return bytes.slice(position - base, length).asReadOnlyBuffer();
    }
}
