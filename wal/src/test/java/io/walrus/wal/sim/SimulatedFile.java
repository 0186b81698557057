package io.walrus.wal.sim;

import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.disk.MappedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** A handle of a simulated file; all it does happens under the disk's lock. */
final class SimulatedFile implements DiskFile {

    private final SimulatedDisk disk;
    private final Path path;
    private final Contents contents;
    private final boolean mayWrite;
    private boolean closed;

    SimulatedFile(SimulatedDisk disk, Path path, Contents contents, boolean mayWrite) {
        this.disk = disk;
        this.path = path;
        this.contents = contents;
        this.mayWrite = mayWrite;
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
        synchronized (disk) {
            requireOpen();
            requireWritable();
            disk.write(path, contents, position, bytes);
            bytes.position(bytes.limit());
        }
    }

    @Override
    public int read(long position, ByteBuffer bytes) throws IOException {
        synchronized (disk) {
            requireOpen();
            disk.call(DiskCall.READ, path);
            return contents.read(position, bytes);
        }
    }

    @Override
    public long size() throws IOException {
        synchronized (disk) {
            requireOpen();
            disk.call(DiskCall.SIZE, path);
            return contents.size();
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        synchronized (disk) {
            requireOpen();
            requireWritable();
            disk.call(DiskCall.TRUNCATE, path);
            contents.truncate(Math.toIntExact(size));
        }
    }

    @Override
    public MappedRegion map(long bytes) throws IOException {
        synchronized (disk) {
            requireOpen();
            requireWritable();
            disk.call(DiskCall.MAP, path);
            if (contents.size() < bytes) {
                throw new IOException(
                        "%s: expected a file of %d bytes before it is mapped, found %d"
                                .formatted(path, bytes, contents.size()));
            }
            return new MappedRegion(contents.map((int) bytes));
        }
    }

    @Override
    public MappedRegion mapReadOnly(long bytes) throws IOException {
        synchronized (disk) {
            requireOpen();
            disk.call(DiskCall.MAP, path);
            if (contents.size() < bytes) {
                throw new IOException(path + ": expected " + bytes + " bytes to map");
            }
            ByteBuffer region = contents.map((int) bytes);
            return new MappedRegion(region.asReadOnlyBuffer().order(region.order()));
        }
    }

    @Override
    public void force() throws IOException {
        synchronized (disk) {
            requireOpen();
            disk.force(path, contents, Contents::force);
        }
    }

    @Override
    public void force(MappedRegion region, int bytes) throws IOException {
        synchronized (disk) {
            requireOpen();
            disk.force(path, contents, file -> file.force(bytes));
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (disk) {
            if (!closed) {
                closed = true;
                disk.closed(path, contents, mayWrite);
            }
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private void requireWritable() throws IOException {
        if (!mayWrite) {
            throw new IOException(path + ": expected a file opened for writing");
        }
    }
}
