package io.walrus.wal.tool;

import io.walrus.wal.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A part of a file in memory, moved to where it is needed. Reads, never maps: a file that is being
 * trimmed by its writer ends earlier, and a mapping of it would fault. One thread.
 */
final class FileWindow implements Closeable {

    private static final int WINDOW_BYTES = 1 << 20;

    /** The disk refused to read from a place on; what is elsewhere may be read all the same. */
    static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1L;

        final long position;

        UnreadableException(long position, IOException cause) {
            super("the disk cannot read it: " + cause.getMessage(), cause);
            this.position = position;
        }
    }

    private final DiskFile file;
    private final long size;
    private ByteBuffer bytes = little(0);
    private ByteBuffer view = bytes.duplicate();
    private long base;

    /** A file, or null for one that is not there: it has no bytes. */
    FileWindow(DiskFile file) throws IOException {
        this.file = file;
        this.size = file == null ? 0 : file.size();
    }

    /** Size when it was opened. */
    long size() {
        return size;
    }

    /** Brings {@code [at, at + length)} into memory; false if the file does not go that far. */
    boolean show(long at, int length) throws IOException {
        if (base <= at && at + length <= base + bytes.limit()) {
            return true;
        }
        if (at < 0 || length < 0 || at + length > size) {
            return false;
        }
        int wanted = (int) Math.min(Math.max(WINDOW_BYTES, length), size - at);
        if (bytes.capacity() < wanted) {
            bytes = little(wanted);
        }
        bytes.clear().limit(wanted);
        try {
            file.read(at, bytes);
        } catch (IOException failed) {
            forget();
            throw new UnreadableException(at, failed);
        }
        bytes.flip();
        view = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        base = at;
        return length <= bytes.limit();
    }

    /** Forgets what it holds: the next look is at the file as it is then. */
    void forget() {
        bytes.limit(0);
    }

    /** What is in memory; its index of a position is {@link #index}. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** The same bytes, with a position and a limit of its own to play with. */
    ByteBuffer view() {
        return view.clear();
    }

    int index(long position) {
        return (int) (position - base);
    }

    /** First place in {@code [from, to)} that is not zero; -1 if there is none. */
    long firstNonZero(long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            if (!show(at, 1)) {
                return -1;
            }
            long end = Math.min(to, base + bytes.limit());
            for (; at < end; at++) {
                if (bytes.get(index(at)) != 0) {
                    return at;
                }
            }
        }
        return -1;
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
