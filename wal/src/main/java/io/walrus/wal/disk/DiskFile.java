package io.walrus.wal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file. Thread-safe; positions are bytes from its start.
 *
 * <p>{@link #force}, and {@link #write} of a direct buffer, may be called on threads that the
 * engine owns only; everything else is safe against interrupts of its caller.
 */
public interface DiskFile extends Closeable {

    /**
     * Writes all of {@code bytes} at a position; the file grows if need be. A short write is
     * continued or fails. A buffer outside of the heap is for threads that the engine owns, as
     * {@link #force} is.
     */
    void write(long position, ByteBuffer bytes) throws IOException;

    /**
     * Fills {@code bytes} from a position, as far as the file goes; returns how many were read, 0
     * at the end.
     */
    int read(long position, ByteBuffer bytes) throws IOException;

    long size() throws IOException;

    /** Cuts the file to a size, or makes it longer by a hole that reads as zeros. */
    void truncate(long size) throws IOException;

    /**
     * Maps {@code [0, bytes)} for writing. The file must be as long. A part of it must have been
     * filled before it is written through the mapping, because a hole faults there on a full disk.
     */
    MappedRegion map(long bytes) throws IOException;

    /** Maps {@code [0, bytes)} for reading. */
    MappedRegion mapReadOnly(long bytes) throws IOException;

    /**
     * Makes everything written to the file durable, through mappings too. A failure is final: never
     * try again.
     */
    void force() throws IOException;

    /**
     * Makes the first bytes of a region that {@link #map} gave durable, and the file at least so
     * long; what it was filled with behind them may stay in memory. Fails as {@link #force} does.
     */
    void force(MappedRegion region, int bytes) throws IOException;
}
