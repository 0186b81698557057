package io.walrus.metadata.raft;

import io.walrus.metadata.codec.MetadataCodec;
import io.walrus.metadata.codec.MetadataFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The data directory of one member: locked while it is open, and with an identity that is checked
 * before anything else starts.
 *
 * <p>Called by one thread at a time. Blocking.
 */
final class StoreDirectory implements AutoCloseable {
    private final Path directory;
    private final FileChannel lockChannel;
    private final MetadataCodec codec = new MetadataCodec();

    private StoreDirectory(Path directory, FileChannel lockChannel) {
        this.directory = directory;
        this.lockChannel = lockChannel;
    }

    /**
     * Creates the directory if it is missing, and takes its lock; the one handle stays open for the
     * whole life.
     */
    static StoreDirectory open(Path directory) {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel =
                    FileChannel.open(
                            directory.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw heldBySomebody(directory, channel);
            }
            channel.truncate(0);
            String owner = "process " + ProcessHandle.current().pid();
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
            return new StoreDirectory(directory, channel);
        } catch (OverlappingFileLockException e) {
            closeQuietly(channel);
            throw new MetadataStartException(
                    directory
                            + " is in use by another member in this process; use another directory");
        } catch (IOException e) {
            closeQuietly(channel);
            throw new MetadataStartException(
                    "cannot open the metadata directory " + directory + ": " + e, e);
        }
    }

    /** The identity on disk, if this store has one. */
    Optional<StoreIdentity> identity() {
        Path file = identityFile();
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            return Optional.of(
                    codec.decode("identity", StoreIdentity.class, Files.readAllBytes(file)));
        } catch (IOException | MetadataFormatException e) {
            throw new MetadataStartException(
                    "cannot read "
                            + file
                            + ": "
                            + e.getMessage()
                            + "; put it back from a copy, or empty the directory and join as a new store",
                    e);
        }
    }

    /** Durable when it returns. */
    void save(StoreIdentity identity) {
        try {
            DurableFile.replace(identityFile(), codec.encode("identity", identity));
        } catch (IOException e) {
            throw new MetadataStartException("cannot write " + identityFile() + ": " + e, e);
        }
    }

    /** Whether nothing but this room's own lock is in the directory. */
    boolean isEmpty() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.allMatch(
                    file ->
                            file.getFileName().toString().equals("lock")
                                    || file.equals(
                                            identityFile().resolveSibling("identity.json.new")));
        } catch (IOException e) {
            throw new MetadataStartException("cannot list " + directory + ": " + e, e);
        }
    }

    /** Whether the vote and a log are there, as they are in every member's directory. */
    boolean hasMemberFiles() {
        try (Stream<Path> logs = Files.exists(log()) ? Files.list(log()) : Stream.<Path>empty()) {
            return Files.exists(vote()) && logs.findAny().isPresent();
        } catch (IOException e) {
            throw new MetadataStartException("cannot list " + log() + ": " + e, e);
        }
    }

    Path log() {
        return directory.resolve("log");
    }

    Path vote() {
        return directory.resolve("vote");
    }

    Path snapshots() {
        return directory.resolve("snapshots");
    }

    Path path() {
        return directory;
    }

    @Override
    public void close() {
        closeQuietly(lockChannel);
    }

    private Path identityFile() {
        return directory.resolve("identity.json");
    }

    private static MetadataStartException heldBySomebody(Path directory, FileChannel channel)
            throws IOException {
        ByteBuffer owner = ByteBuffer.allocate(64);
        channel.read(owner, 0);
        String name = new String(owner.array(), 0, owner.position(), StandardCharsets.UTF_8);
        channel.close();
        return new MetadataStartException(
                directory + " is in use by " + name + "; stop it or use another directory");
    }

    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                System.getLogger(StoreDirectory.class.getName())
                        .log(System.Logger.Level.WARNING, "closing a lock file failed", e);
            }
        }
    }
}
