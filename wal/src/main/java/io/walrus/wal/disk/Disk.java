package io.walrus.wal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system, as far as a log needs one. Thread-safe.
 *
 * <p>What a crash of the machine may take: bytes written since the last force of their file, and
 * names created, renamed or removed since the last sync of their directory. What a crash of the
 * process takes: nothing that a call returned from.
 */
public interface Disk {

    /** Makes the directory and its missing parents, and syncs the parents of what was made. */
    void createDirectories(Path dir) throws IOException;

    /** Makes a directory in one that is there; durable after that one's sync. */
    void createDirectory(Path dir) throws IOException;

    /** The names in a directory, sorted; fails if it is not there. */
    List<String> list(Path dir) throws IOException;

    boolean exists(Path path);

    /** Creates a file, mode 0600, for reading and writing; fails if it is there. */
    DiskFile create(Path file) throws IOException;

    /** Opens a file that is there, for reading and writing. */
    DiskFile open(Path file) throws IOException;

    /** Opens a file that is there, for reading only: nothing about it changes. */
    DiskFile openReadOnly(Path file) throws IOException;

    /**
     * Gives a file another name in one step, replacing what has that name; durable after both
     * directories' sync.
     */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory; durable after its directory's sync. */
    void delete(Path path) throws IOException;

    /** Makes all creations, renames and removals in a directory durable. */
    void syncDirectory(Path dir) throws IOException;

    /** Bytes that may still be written below a directory. */
    long availableBytes(Path dir) throws IOException;

    /**
     * Takes the one lock of a log's directory, for as long as the process lives or until it is
     * closed.
     *
     * @param file the lock file; created if it is missing, kept afterwards
     * @param holder a line that tells others who holds it
     * @throws HeldElsewhereException if another process, or another log of this one, holds it
     */
    Closeable lock(Path file, String holder) throws IOException;

    /** Somebody holds the lock; the message is the holder's line. */
    final class HeldElsewhereException extends IOException {
        private static final long serialVersionUID = 1L;

        public HeldElsewhereException(String holder) {
            super(holder);
        }
    }
}
