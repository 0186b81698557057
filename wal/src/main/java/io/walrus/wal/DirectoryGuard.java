package io.walrus.wal;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.DirectoryFormat;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Says whether a directory is ours to write, and keeps it so for as long as it is held: one log per
 * directory, of a format that we know, with nobody else's files in it. Whatever it refuses, it
 * leaves as it was.
 */
final class DirectoryGuard {

    static final String LOCK = "LOCK";
    static final String FORMAT = "format.walrus";
    private static final String FRESH_FORMAT = "format.walrus.new";

    private static final Set<String> OURS =
            Set.of(
                    LOCK,
                    FORMAT,
                    FRESH_FORMAT,
                    CatalogFile.NAME,
                    CatalogFile.FRESH_NAME,
                    CursorStore.NAME,
                    CursorStore.FRESH_NAME,
                    FailureMark.NAME,
                    "journal",
                    StreamDirectories.NAME);

    /** The root of a file system of its own has this; a log may live there. */
    private static final String LOST_AND_FOUND = "lost+found";

    private DirectoryGuard() {}

    /**
     * Takes a log's directory; makes it if it is missing.
     *
     * @return releases the directory when it is closed
     * @throws WalException ILLEGAL_NAME, FOREIGN, NEWER_VERSION, DAMAGED or LOCKED with nothing
     *     written; FULL or IO if the disk refuses
     */
    static Closeable take(Disk disk, WalOptions options) {
        checkNamespace(options.namespace());
        Path dir = options.directory();
        try {
            if (disk.exists(dir)) {
                refuseForeign(disk, dir);
                refuseUnreadable(disk, dir);
            }
            disk.createDirectories(dir);
            Closeable lock = lock(disk, dir, options);
            try {
                markFormat(disk, dir, options.clock().millis());
                return lock;
            } catch (IOException | RuntimeException | Error failed) {
                lock.close();
                throw failed;
            }
        } catch (IOException refused) {
            throw DiskRefusal.of("take the directory", dir, refused);
        }
    }

    private static void checkNamespace(String namespace) {
        if (namespace.isEmpty()) {
            return;
        }
        TopicNames.check(namespace, WalOptions.TOPIC_NAME_LENGTH_MAX_DEFAULT);
        if (OURS.contains(namespace)) {
            throw new WalException(
                    Kind.ILLEGAL_NAME,
                    "expected a namespace that is not a log's own file, got %s: choose another"
                            .formatted(namespace));
        }
    }

    private static void refuseForeign(Disk disk, Path dir) throws IOException {
        for (String name : disk.list(dir)) {
            if (!OURS.contains(name)
                    && !name.equals(LOST_AND_FOUND)
                    && !isNamespace(disk, dir.resolve(name))) {
                throw new WalException(
                        Kind.FOREIGN,
                        ("expected a log's directory or an empty one, found %s in %s: choose"
                                        + " another directory, nothing was changed")
                                .formatted(name, dir));
            }
        }
    }

    /** A log of its own, or one whose making was cut short before its first file. */
    private static boolean isNamespace(Disk disk, Path path) {
        if (disk.exists(path.resolve(FORMAT)) || disk.exists(path.resolve(LOCK))) {
            return true;
        }
        try {
            return disk.list(path).isEmpty();
        } catch (IOException notADirectory) {
            return false;
        }
    }

    private static void refuseUnreadable(Disk disk, Path dir) throws IOException {
        Path path = dir.resolve(FORMAT);
        if (!disk.exists(path)) {
            if (disk.exists(dir.resolve(CatalogFile.NAME))
                    || disk.exists(dir.resolve(StreamDirectories.NAME))) {
                throw damaged("the file, because the directory was used", path);
            }
            return;
        }
        int version = readVersion(disk, path);
        if (version < 0) {
            throw damaged("a log's mark", path);
        }
        if (version != DirectoryFormat.VERSION) {
            throw new WalException(
                    Kind.NEWER_VERSION,
                    ("expected a log of format %d, found format %d in %s: use the version that"
                                    + " wrote it, nothing was changed")
                            .formatted(DirectoryFormat.VERSION, version, dir));
        }
    }

    static int readVersion(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(DirectoryFormat.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            file.read(0, bytes);
            return DirectoryFormat.versionIn(bytes.flip());
        }
    }

    private static WalException damaged(String expected, Path path) {
        return new WalException(
                Kind.DAMAGED,
                "expected %s, found none: restore the file from a copy, nothing was changed"
                        .formatted(expected),
                path,
                0,
                null);
    }

    private static Closeable lock(Disk disk, Path dir, WalOptions options) throws IOException {
        Path path = dir.resolve(LOCK);
        String holder =
                "pid %d since %s"
                        .formatted(ProcessHandle.current().pid(), options.clock().instant());
        try {
            return disk.lock(path, holder);
        } catch (Disk.HeldElsewhereException held) {
            throw new WalException(
                    Kind.LOCKED,
                    "expected %s to be free, it is held by %s: stop that one, or choose another directory"
                            .formatted(dir, held.getMessage()),
                    held);
        }
    }

    /**
     * Under the lock, because whoever held it before may have made the mark since we looked. The
     * sync is for names that a killed process gave and never synced: from here on they count.
     */
    private static void markFormat(Disk disk, Path dir, long nowMillis) throws IOException {
        refuseUnreadable(disk, dir);
        Path path = dir.resolve(FORMAT);
        if (!disk.exists(path)) {
            syncAncestors(disk, dir);
            writeMark(disk, dir, nowMillis);
        }
        disk.syncDirectory(dir);
    }

    /** Whoever made these directories may have been killed before their names were durable. */
    private static void syncAncestors(Disk disk, Path dir) throws IOException {
        for (Path at = dir.toAbsolutePath().getParent(); at != null; at = at.getParent()) {
            try {
                disk.syncDirectory(at);
            } catch (AccessDeniedException notOurs) {
                // Then we did not make what is in it.
                return;
            }
        }
    }

    private static void writeMark(Disk disk, Path dir, long nowMillis) throws IOException {
        Path fresh = dir.resolve(FRESH_FORMAT);
        if (disk.exists(fresh)) {
            disk.delete(fresh);
        }
        try (DiskFile file = disk.create(fresh)) {
            file.write(0, DirectoryFormat.bytesOf(DirectoryFormat.VERSION, nowMillis));
            file.force();
        }
        disk.rename(fresh, dir.resolve(FORMAT));
    }
}
