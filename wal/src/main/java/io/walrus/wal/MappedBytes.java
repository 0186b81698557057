package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.disk.MappedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;

/**
 * A file through mapped memory. Mapped at the first use: for reading only, or, once it is written
 * to, for writing. The monitor guards mapping and trimming, for as long as these take.
 */
final class MappedBytes implements FileBytes {

    private final Disk disk;
    private final FileHandle handle;
    private volatile ByteBuffer readable;
    private volatile MappedRegion writable;
    private volatile boolean trimmed;

    MappedBytes(Disk disk, FileHandle handle) {
        this.disk = disk;
        this.handle = handle;
    }

    @Override
    public ByteBuffer reserve(int position, int length) throws IOException {
        MappedRegion mapped = writable;
        return (mapped == null ? mapForWriting() : mapped).bytes();
    }

    private MappedRegion mapForWriting() throws IOException {
        DiskFile file = handle.take();
        try {
            synchronized (this) {
                MappedRegion mapped = file.map(file.size());
                writable = mapped;
                readable = mapped.bytes();
                return mapped;
            }
        } finally {
            handle.give();
        }
    }

    @Override
    public void fill(int from, int to) throws IOException {
        handle.fill(from, to);
    }

    @Override
    public int index(int position) {
        return position;
    }

    @Override
    public void commit(int position, int length) {
        handle.wrote();
    }

    @Override
    public boolean reservedBytesStay() {
        return true;
    }

    @Override
    public Window window(StreamFile.Used used) throws IOException {
        return new MappedWindow(readable());
    }

    /** All of the file, mapped. */
    ByteBuffer readable() throws IOException {
        ByteBuffer mapped = readable;
        return mapped == null ? mapForReading() : mapped;
    }

    /** A sight of a region that nobody trims. */
    static Window windowOver(MappedRegion region) {
        return new MappedWindow(region.bytes());
    }

    private synchronized ByteBuffer mapForReading() throws IOException {
        if (readable == null) {
            if (handle.isClosed()) {
                throw new NoSuchFileException(
                        handle.path().toString(), null, "it was closed or removed");
            }
            try (DiskFile reading = disk.openReadOnly(handle.path())) {
                readable = reading.mapReadOnly(reading.size()).bytes();
            }
        }
        return readable;
    }

    @Override
    public void force(int usedBytes) throws IOException {
        MappedRegion mapped = writable;
        if (mapped == null) {
            handle.force();
        } else {
            handle.force(file -> file.force(mapped, usedBytes));
        }
    }

    /**
     * The same for a file that was written to past its mapping, and for that alone: only a mapping
     * lets a range be forced.
     */
    void forceRange(int usedBytes) throws IOException {
        if (writable == null && !trimmed) {
            mapForWriting();
        }
        force(usedBytes);
    }

    @Override
    public void trim(int usedBytes) throws IOException {
        synchronized (this) {
            handle.truncate(usedBytes);
            ByteBuffer mapped = readable;
            if (mapped != null) {
                readable = mapped.slice(0, usedBytes).order(ByteOrder.LITTLE_ENDIAN);
            }
            writable = null;
            trimmed = true;
        }
    }

    @Override
    public void close() throws IOException {
        writable = null;
        handle.close();
    }

    private static final class MappedWindow extends Window {

        MappedWindow(ByteBuffer mapped) {
            look(mapped, 0);
        }

        @Override
        boolean show(int position, int length) {
            return length <= bytes.capacity() - position;
        }

        @Override
        ByteBuffer keep(int position, int length) {
            return slice(position, length);
        }
    }
}
