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
}
