package io.walrus.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * How the bytes of one stream file are written and read: through a mapping or through a channel.
 *
 * <p>{@link #makeRoom}, {@link #reserve}, {@link #commit}, {@link #writeOut} and {@link #dropTail}
 * are for the stream's writer, under its lock. The rest is for any thread.
 */
interface FileBytes extends Closeable {

    /** How far a stream is, as its writer sees it. */
    interface Ends {

        /** Frames below it were handed out to be journaled, exclusive. */
        long nextOffset();

        /** Frames below it are in the journal, exclusive. */
        long visibleEnd();
    }

    /**
     * Makes room for a frame where frames wait in memory: what was committed may be written to the
     * file now. A failure is final.
     */
    default void makeRoom(int position, int length, Ends ends) throws IOException {}

    /** A buffer to put a frame into, from {@link #index} on; zeros or stale before that. */
    ByteBuffer reserve(int position, int length) throws IOException;

    /** Writes zeros where nothing was committed, so that the disk has a place for what comes. */
    void fill(int from, int to) throws IOException;

    /** Where in the reserved buffer the frame starts. */
    int index(int position);

    /** The frame is complete in the reserved buffer: now it must be in the file. */
    void commit(int position, int length) throws IOException;

    /** Everything committed is in the file when this returns. A failure is final. */
    default void writeOut() throws IOException {}

    /** The last frames are kept in memory. Any thread. */
    default boolean keepsTail() {
        return false;
    }

    /** The same as {@link #writeOut}, and no memory is kept for more until somebody appends. */
    default void dropTail() throws IOException {}

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
