package io.walrus.wal;

import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file through reads and writes, no mapping at all. Opened at the first use. */
final class ChannelBytes implements FileBytes {

    private static final int SCRATCH_BYTES_KEPT = 64 << 10;
    private static final int WIDE_WINDOW_BYTES = 256 << 10;

    private final FileHandle handle;
    private final ReadAhead readAhead = new ReadAhead(this::read);
    private DiskFile writing;
    private ByteBuffer kept;
    private ByteBuffer reserved;

    ChannelBytes(FileHandle handle) {
        this.handle = handle;
    }

    @Override
    public ByteBuffer reserve(int position, int length) throws IOException {
        ByteBuffer scratch = scratch(length);
        if (writing == null) {
            // Before anything is written: what cannot be opened now refuses, and loses nothing.
            writing = handle.take();
        }
        reserved = scratch;
        return scratch;
    }

    private ByteBuffer scratch(int length) {
        if (length > SCRATCH_BYTES_KEPT) {
            return large(length);
        }
        if (kept == null || kept.capacity() < length) {
            kept = LittleEndian.allocate(Math.max(4096, Integer.highestOneBit(length) * 2));
        }
        return kept;
    }

    private static ByteBuffer large(int length) {
        try {
            return LittleEndian.allocate(length);
        } catch (OutOfMemoryError tooLarge) {
            throw new WalException(
                    WalException.Kind.BUSY,
                    "expected %d bytes of free heap, in which FILE_CHANNEL puts an append together,"
                                    .formatted(length)
                            + " found less; nothing was written: raise -Xmx, send less at once, or"
                            + " use MAPPED",
                    tooLarge);
        }
    }

    @Override
    public void fill(int from, int to) throws IOException {
        handle.fill(from, to);
    }

    @Override
    public int index(int position) {
        return 0;
    }

    @Override
    public void commit(int position, int length) throws IOException {
        handle.wrote();
        try {
            writing.write(position, reserved.duplicate().limit(length).position(0));
        } finally {
            writing = null;
            handle.give();
        }
        reserved = kept;
    }

    @Override
    public boolean reservedBytesStay() {
        return false;
    }

    @Override
    public Window window(StreamFile.Used used) {
        return readAhead.window(used);
    }

    @Override
    public void forgetRead() {
        readAhead.forget();
    }

    private int read(long position, ByteBuffer into) throws IOException {
        DiskFile file = handle.take();
        try {
            return file.read(position, into);
        } finally {
            handle.give();
        }
    }

    /** A sight of a file that looks at much at a time. */
    static Window wideWindow(DiskFile file) throws IOException {
        return new WideWindow(file, (int) file.size());
    }

    @Override
    public void force(int usedBytes) throws IOException {
        handle.force();
    }

    @Override
    public void trim(int usedBytes) throws IOException {
        handle.truncate(usedBytes);
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }

    private static final class WideWindow extends Window {

        private final DiskFile file;
        private final int fileBytes;

        WideWindow(DiskFile file, int fileBytes) {
            this.file = file;
            this.fileBytes = fileBytes;
            look(LittleEndian.allocate(0), 0);
        }

        @Override
        boolean show(int position, int length) throws IOException {
            if (base <= position && length <= bytes.limit() - (position - base)) {
                return true;
            }
            if (length > fileBytes - position) {
                return false;
            }
            int wanted = Math.min(Math.max(length, WIDE_WINDOW_BYTES), fileBytes - position);
            // Again and again the same one: whoever keeps bytes has copied them.
            ByteBuffer read =
                    wanted <= bytes.capacity() ? bytes.clear() : LittleEndian.allocate(wanted);
            int got = file.read(position, read.limit(wanted));
            look(read.clear().limit(got), position);
            return length <= got;
        }

        @Override
        ByteBuffer keep(int position, int length) {
            return copy(position, length);
        }
    }
}
