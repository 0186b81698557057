package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An empty file that says: a write or sync failed here, and the machine has been up since.
 *
 * <p>After a failed sync the system may keep bytes in memory that the disk does not have, take them
 * for written, and call the next sync a success (the PostgreSQL "fsyncgate" of 2018). So whoever
 * opens the log next, on the same running machine, writes again what was never known to be durable.
 * The mark needs no sync: a machine that loses the mark has lost those bytes too, and sees it. A
 * process that is killed between the failure and its mark leaves no word: docs/durability.md says
 * what that costs.
 */
final class FailureMark {

    static final String NAME = "failed.walrus";

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int ATTEMPTS = 2;

    private FailureMark() {}

    /** As far as a failing disk lets us: one that refuses once may still take it. */
    static void leave(Disk disk, Path dir, Throwable because) {
        Path mark = dir.resolve(NAME);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                if (!disk.exists(mark)) {
                    disk.create(mark).close();
                }
                return;
            } catch (IOException alsoFailed) {
                because.addSuppressed(alsoFailed);
            }
        }
    }

    static boolean isIn(Disk disk, Path dir) {
        return disk.exists(dir.resolve(NAME));
    }

    /** Everything is known to be durable again. */
    static void remove(Disk disk, Path dir) throws IOException {
        disk.delete(dir.resolve(NAME));
    }

    /** The same bytes to the same place: the next sync has to write them. */
    static void writeAgain(Disk disk, Path path, long from, long to) throws IOException {
        try (DiskFile file = disk.open(path)) {
            long end = Math.min(to, file.size());
            for (long at = from; at < end; ) {
                ByteBuffer chunk = LittleEndian.allocate((int) Math.min(CHUNK_BYTES, end - at));
                int read = file.read(at, chunk);
                if (read <= 0) {
                    return;
                }
                file.write(at, chunk.flip());
                at += read;
            }
        }
    }
}
