package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The handle of one stream file: opened when somebody needs it, kept, and given up when there are
 * too many. The monitor guards opening and closing, for as long as these take; what uses the handle
 * does so between {@link #take} and {@link #give}, without the monitor.
 */
final class FileHandle implements Closeable {

    private final Disk disk;
    private final Path path;
    private final OpenFiles all;
    private DiskFile file;
    private int takers;
    private boolean closed;
    private volatile boolean used;
    private volatile boolean owesSync;

    /**
     * @param file open for writing, filled and not synced; or null
     */
    FileHandle(Disk disk, Path path, DiskFile file, OpenFiles all) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.all = all;
        this.owesSync = file != null;
        this.used = true;
    }

    Path path() {
        return path;
    }

    /** Open, and it stays so until it is given back, unless the log or the stream ends. */
    DiskFile take() throws IOException {
        boolean isNew;
        DiskFile taken;
        synchronized (this) {
            if (closed) {
                throw gone();
            }
            isNew = file == null;
            if (isNew) {
                file = disk.open(path);
            }
            taken = file;
            takers++;
        }
        used = true;
        if (isNew) {
            all.opened(this);
        }
        return taken;
    }

    private NoSuchFileException gone() {
        return new NoSuchFileException(path.toString(), null, "it was closed or removed");
    }

    /** Cuts the file off; refused as a file that is not there if it is closed meanwhile. */
    void truncate(long sizeBytes) throws IOException {
        DiskFile cut = take();
        try {
            cut.truncate(sizeBytes);
        } catch (IOException failed) {
            if (isClosed()) {
                NoSuchFileException gone = gone();
                gone.addSuppressed(failed);
                throw gone;
            }
            throw failed;
        } finally {
            give();
        }
    }

    /** Writes zeros over a range. */
    void fill(long from, long to) throws IOException {
        DiskFile filled = take();
        try {
            FileFactory.fill(filled, from, to);
        } finally {
            give();
        }
    }

    synchronized void give() {
        takers--;
    }

    /** The file was written to, through this handle or through a mapping. */
    void wrote() {
        if (!owesSync) {
            owesSync = true;
            used = true;
        }
    }

    /**
     * Makes the file durable. Without a handle through one for this alone: a mapping keeps what the
     * system knows of failed writes, and a new handle hears of it. A file that was dropped
     * meanwhile owes nobody anything.
     */
    void force() throws IOException {
        force(DiskFile::force);
    }

    /** How an open file is forced: all of it, or what is known to be written. */
    interface Forcing {
        void force(DiskFile file) throws IOException;
    }

    /** The same; with a handle, as the caller says. */
    void force(Forcing how) throws IOException {
        DiskFile forcing;
        synchronized (this) {
            if (closed) {
                return;
            }
            forcing = file;
            takers++;
            owesSync = false;
        }
        try {
            if (forcing != null) {
                how.force(forcing);
            } else {
                forceOnce();
            }
        } catch (IOException failed) {
            owesSync = true;
            if (!isClosed()) {
                throw failed;
            }
        } finally {
            give();
        }
    }

    /** A file that nobody uses is not kept open for this: there may be thousands. */
    private void forceOnce() throws IOException {
        try (DiskFile once = disk.open(path)) {
            once.force();
        }
    }

    /** Closes it unless it is needed or was used since the last time; says whether it is closed. */
    synchronized boolean letGo() throws IOException {
        if (file == null) {
            return true;
        }
        if (takers > 0 || owesSync || used) {
            used = false;
            return false;
        }
        closeFile();
        return true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeFile();
    }

    private void closeFile() throws IOException {
        DiskFile closing = file;
        file = null;
        if (closing != null) {
            closing.close();
        }
    }
}
