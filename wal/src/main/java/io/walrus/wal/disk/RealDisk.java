package io.walrus.wal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The machine's own file system. */
public final class RealDisk implements Disk {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final int HOLDER_BYTES_MAX = 256;

    @Override
    public void createDirectories(Path dir) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = dir.toAbsolutePath(); at != null && !Files.exists(at); at = at.getParent()) {
            missing.push(at);
        }
        if (missing.isEmpty() && !Files.isDirectory(dir)) {
            throw new FileAlreadyExistsException(dir.toString(), null, "expected a directory");
        }
        for (Path made : missing) {
            Files.createDirectory(made);
            syncDirectory(made.getParent());
        }
    }

    @Override
    public void createDirectory(Path dir) throws IOException {
        Files.createDirectory(dir);
    }

    @Override
    public List<String> list(Path dir) throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        return open(file);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return new RealDiskFile(file, new RandomAccessFile(file.toFile(), "rw"));
    }

    @Override
    public DiskFile openReadOnly(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return new RealDiskFile(file, new RandomAccessFile(file.toFile(), "r"));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(
                    from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException strange) {
            throw new IOException(
                    "expected a file system that renames in one step: " + to, strange);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public void syncDirectory(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long availableBytes(Path dir) throws IOException {
        return Files.getFileStore(dir).getUsableSpace();
    }

    /**
     * One handle, open for the whole life: closing any other one of this file would drop the lock
     * silently.
     */
    @Override
    public Closeable lock(Path file, String holder) throws IOException {
        var handle = new RandomAccessFile(file.toFile(), "rw");
        try {
            FileLock lock = tryLock(handle);
            if (lock == null) {
                throw new HeldElsewhereException(readHolder(handle));
            }
            Files.setPosixFilePermissions(file, OWNER_ONLY);
            byte[] line = holder.getBytes(StandardCharsets.UTF_8);
            handle.setLength(0);
            handle.write(line, 0, Math.min(line.length, HOLDER_BYTES_MAX));
            return handle;
        } catch (IOException failed) {
            handle.close();
            throw failed;
        }
    }

    private static FileLock tryLock(RandomAccessFile handle) throws IOException {
        try {
            return handle.getChannel().tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private static String readHolder(RandomAccessFile handle) throws IOException {
        var bytes = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        int read = handle.read(bytes.array());
        return read <= 0 ? "somebody" : new String(bytes.array(), 0, read, StandardCharsets.UTF_8);
    }
}
