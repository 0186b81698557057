package io.walrus.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * How the bytes of one stream file are written and read: through a mapping or through a channel.
 *
 * <p>{@link #reserve} and {@link #commit} are for the stream's writer, under its lock. The rest is
 * for any thread.
 */
interface FileBytes extends Closeable {

    /** A buffer to put a frame into, from {@link #index} on; zeros or stale before that. */
    ByteBuffer reserve(int position, int length) throws IOException;

    /** Writes zeros where nothing was committed, so that the disk has a place for what comes. */
    void fill(int from, int to) throws IOException;

    /** Where in the reserved buffer the frame starts. */
    int index(int position);

    /** The frame is complete in the reserved buffer: now it must be in the file. */
    void commit(int position, int length) throws IOException;

    /** A reader's sight of the file, as far as it is used. */
    Window window(StreamFile.Used used) throws IOException;

    /** Nothing that was read of the file before counts any more; while nobody reads. */
    default void forgetRead() {}

    /**
     * Makes what was committed below a position durable. A failure is final. Engine threads only.
     */
    void force(int usedBytes) throws IOException;

    /** Cuts the file behind its last frame; nothing is ever read or written beyond. */
    void trim(int usedBytes) throws IOException;

    /** A frame's bytes stay where {@link #reserve} put them after the next reserve. */
    boolean reservedBytesStay();
}
