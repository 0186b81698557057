package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file through reads and writes, no mapping at all. Opened at the first use. The monitor guards
 * opening, trimming and closing, for as long as these take.
 */
final class ChannelBytes implements FileBytes {

    private static final int SCRATCH_BYTES_KEPT = 64 << 10;
    private static final int WINDOW_BYTES = 16 << 10;
    private static final int WIDE_WINDOW_BYTES = 256 << 10;

    private final Disk disk;
    private final Path path;
    private DiskFile file;
    private boolean closed;
    private ByteBuffer kept;
    private ByteBuffer reserved;

    ChannelBytes(Disk disk, Path path, DiskFile file) {
        this.disk = disk;
        this.path = path;
        this.file = file;
    }

    private synchronized DiskFile file() throws IOException {
        if (closed) {
            throw new NoSuchFileException(path.toString(), null, "it was closed or removed");
        }
        if (file == null) {
            file = disk.open(path);
        }
        return file;
    }

    @Override
    public ByteBuffer reserve(int position, int length) {
        if (length > SCRATCH_BYTES_KEPT) {
            reserved = LittleEndian.allocate(length);
        } else {
            if (kept == null || kept.capacity() < length) {
                kept = LittleEndian.allocate(Math.max(4096, Integer.highestOneBit(length) * 2));
            }
            reserved = kept;
        }
        return reserved;
    }

    @Override
    public int index(int position) {
        return 0;
    }

    @Override
    public void commit(int position, int length) throws IOException {
        file().write(position, reserved.duplicate().limit(length).position(0));
        reserved = kept;
    }

    @Override
    public boolean reservedBytesStay() {
        return false;
    }

    @Override
    public Window window() throws IOException {
        return new ChannelWindow(file(), WINDOW_BYTES);
    }

    /** A sight of a file that looks at much at a time. */
    static Window wideWindow(DiskFile file) throws IOException {
        return new ChannelWindow(file, WIDE_WINDOW_BYTES);
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
        file().truncate(usedBytes);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        DiskFile closing = file;
        file = null;
        if (closing != null) {
            closing.close();
        }
    }

    private static final class ChannelWindow extends Window {

        private final DiskFile file;
        private final int fileBytes;
        private final int windowBytes;

        ChannelWindow(DiskFile file, int windowBytes) throws IOException {
            this.file = file;
            this.windowBytes = windowBytes;
            this.fileBytes = (int) file.size();
            inSight(LittleEndian.allocate(0), 0);
        }

        @Override
        boolean show(int position, int length) throws IOException {
            if (base <= position && length <= bytes.limit() - (position - base)) {
                return true;
            }
            if (length > fileBytes - position) {
                return false;
            }
            int wanted = Math.min(Math.max(length, windowBytes), fileBytes - position);
            ByteBuffer read = LittleEndian.allocate(wanted);
            int got = file.read(position, read);
            inSight(read.clear().limit(got), position);
            return length <= got;
        }

        private void inSight(ByteBuffer read, int position) {
            bytes = read;
            view = read.duplicate();
            base = position;
        }

        @Override
        ByteBuffer keep(int position, int length) {
            var copy = new byte[length];
            bytes.get(position - base, copy);
            return ByteBuffer.wrap(copy).asReadOnlyBuffer();
        }
    }
}
