package io.walrus.wal.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file through {@link RandomAccessFile}, whose reads and writes an interrupt cannot close; its
 * channel is used for forcing, and for writing from memory outside of the heap, which engine
 * threads alone do. The lock guards the file pointer, for one read or write.
 */
final class RealDiskFile implements DiskFile {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Path path;
    private final RandomAccessFile file;

    RealDiskFile(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
        if (bytes.hasArray()) {
            writeArray(position, bytes);
        } else {
            writeDirect(position, bytes);
        }
    }

    private synchronized void writeArray(long position, ByteBuffer bytes) throws IOException {
        file.seek(position);
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        bytes.position(bytes.limit());
    }

    /** Without a copy in between. */
    private void writeDirect(long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.getChannel().write(bytes, at);
        }
    }

    @Override
    public synchronized int read(long position, ByteBuffer bytes) throws IOException {
        try {
            return readHere(position, bytes);
        } catch (IOException failed) {
            // What the JDK throws names neither.
            throw new IOException(
                    "%s at byte %d: %s".formatted(path, position, failed.getMessage()), failed);
        }
    }

    private int readHere(long position, ByteBuffer bytes) throws IOException {
        file.seek(position);
        var chunk = bytes.hasArray() ? null : new byte[Math.min(CHUNK_BYTES, bytes.remaining())];
        int total = 0;
        while (bytes.hasRemaining()) {
            int read = chunk == null ? readInto(bytes) : readThrough(chunk, bytes);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    private int readInto(ByteBuffer bytes) throws IOException {
        int read =
                file.read(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        if (read > 0) {
            bytes.position(bytes.position() + read);
        }
        return read;
    }

    private int readThrough(byte[] chunk, ByteBuffer bytes) throws IOException {
        int read = file.read(chunk, 0, Math.min(chunk.length, bytes.remaining()));
        if (read > 0) {
            bytes.put(chunk, 0, read);
        }
        return read;
    }

    @Override
    public synchronized long size() throws IOException {
        return file.length();
    }

    @Override
    public synchronized void truncate(long size) throws IOException {
        file.setLength(size);
    }

    @Override
    public MappedRegion map(long bytes) throws IOException {
        if (size() < bytes) {
            throw new IOException(
                    "%s: expected a file filled to %d bytes before it is mapped, found %d"
                            .formatted(path, bytes, size()));
        }
        return region(FileChannel.MapMode.READ_WRITE, bytes);
    }

    @Override
    public MappedRegion mapReadOnly(long bytes) throws IOException {
        return region(FileChannel.MapMode.READ_ONLY, bytes);
    }

    /**
     * Maps through a handle of its own, because an interrupt of the caller closes the one that
     * maps; then it is simply done again.
     */
    private MappedRegion region(FileChannel.MapMode mode, long bytes) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try (var handle =
                        new RandomAccessFile(
                                path.toFile(),
                                mode == FileChannel.MapMode.READ_ONLY ? "r" : "rw")) {
                    return new MappedRegion(
                            handle.getChannel().map(mode, 0, bytes).order(ByteOrder.LITTLE_ENDIAN));
                } catch (ClosedByInterruptException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void force() throws IOException {
        file.getChannel().force(false);
    }

    /**
     * Through the mapping, because a channel knows no range: a file that was just filled would be
     * written as zeros now and with what is put into it once more.
     */
    @Override
    public void force(MappedRegion region, int bytes) throws IOException {
        try {
            ((MappedByteBuffer) region.bytes()).force(0, bytes);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
