package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.disk.MappedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file through mapped memory. Mapped at the first use: for reading only, or, once it is written
 * to, for writing, with its handle kept for forcing. The monitor guards mapping, trimming and
 * closing, for as long as these take.
 */
final class MappedBytes implements FileBytes {

    private final Disk disk;
    private final Path path;
    private DiskFile file;
    private volatile ByteBuffer readable;
    private volatile ByteBuffer writable;
    private boolean closed;

    MappedBytes(Disk disk, Path path, DiskFile file) {
        this.disk = disk;
        this.path = path;
        this.file = file;
    }

    @Override
    public ByteBuffer reserve(int position, int length) throws IOException {
        ByteBuffer mapped = writable;
        return mapped == null ? mapForWriting() : mapped;
    }

    private synchronized ByteBuffer mapForWriting() throws IOException {
        requireOpen();
        if (file == null) {
            file = disk.open(path);
        }
        ByteBuffer mapped = file.map(file.size()).bytes();
        writable = mapped;
        readable = mapped;
        return mapped;
    }

    @Override
    public int index(int position) {
        return position;
    }

    @Override
    public void commit(int position, int length) {}

    @Override
    public boolean reservedBytesStay() {
        return true;
    }

    @Override
    public Window window() throws IOException {
        ByteBuffer mapped = readable;
        return new MappedWindow(mapped == null ? mapForReading() : mapped);
    }

    /** A sight of a region that nobody trims. */
    static Window windowOver(MappedRegion region) {
        return new MappedWindow(region.bytes());
    }

    private synchronized ByteBuffer mapForReading() throws IOException {
        if (readable == null) {
            requireOpen();
            try (DiskFile reading = disk.openReadOnly(path)) {
                readable = reading.mapReadOnly(reading.size()).bytes();
            }
        }
        return readable;
    }

    @Override
    public void force() throws IOException {
        DiskFile forcing;
        synchronized (this) {
            if (closed) {
                return;
            }
            forcing = file;
        }
        try {
            if (forcing != null) {
                forcing.force();
            } else {
                forceOnce();
            }
        } catch (IOException failed) {
            if (!isClosed()) {
                throw failed;
            }
        }
    }

    /** A file that nobody uses is not kept open for this: there may be thousands. */
    private void forceOnce() throws IOException {
        try (DiskFile once = disk.open(path)) {
            once.force();
        }
    }

    /** A file that was dropped meanwhile owes nobody anything. */
    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void trim(int usedBytes) throws IOException {
        requireOpen();
        if (file == null) {
            file = disk.open(path);
        }
        file.truncate(usedBytes);
        ByteBuffer mapped = readable;
        if (mapped != null) {
            readable = mapped.slice(0, usedBytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        writable = null;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        writable = null;
        DiskFile closing = file;
        file = null;
        if (closing != null) {
            closing.close();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new NoSuchFileException(path.toString(), null, "it was closed or removed");
        }
    }

    private static final class MappedWindow extends Window {

        MappedWindow(ByteBuffer mapped) {
            bytes = mapped;
            view = mapped.duplicate();
        }

        @Override
        boolean show(int position, int length) {
            return length <= bytes.capacity() - position;
        }

        @Override
        ByteBuffer keep(int position, int length) {
            return bytes.slice(position, length).asReadOnlyBuffer();
        }
    }
}
