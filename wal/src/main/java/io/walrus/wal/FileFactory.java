package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.AheadMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Makes files ready for use: filled with zeros, all of them or their beginning, so that from then
 * on no write there can find the disk full. Blocks for as long as the disk takes.
 */
final class FileFactory {

    private static final int SMALLEST_BYTES = 16 << 10;
    private static final int GROWTH = 4;
    private static final int ZEROS_BYTES = 256 << 10;

    /** Nobody writes to it. */
    private static final byte[] SMALL_ZEROS = new byte[64 << 10];

    /**
     * Outside of the heap, because the preparer's writes then need no copy; of all logs together,
     * because making it is a good part of opening a small one.
     */
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(ZEROS_BYTES).asReadOnlyBuffer();

    private final Disk disk;
    private final Backend backend;
    private final int fileBytes;
    private final OpenFiles openFiles;

    private final TailRoom tails;

    /**
     * @param tails memory for the last frames of mapped files, if a journal has them too
     */
    FileFactory(Disk disk, Backend backend, long fileBytes, OpenFiles openFiles, TailRoom tails) {
        this.disk = disk;
        this.backend = backend;
        this.fileBytes = (int) fileBytes;
        this.openFiles = openFiles;
        this.tails = tails;
    }

    /** Size of the file after one of that size; 0 for a stream's first. */
    int sizeAfter(int sizeBytes) {
        if (sizeBytes == 0) {
            return Math.min(SMALLEST_BYTES, fileBytes);
        }
        long grown = SMALLEST_BYTES;
        while (grown <= sizeBytes) {
            grown *= GROWTH;
        }
        return (int) Math.min(grown, fileBytes);
    }

    /**
     * A new file of zeros: a big one on the engine's threads only, a small one on any. A big one
     * starts with the mark of a file that is not used yet, so that an opening need not read it.
     *
     * @param neededBytes filled at least
     * @throws WalException FULL if there is no space for it; then nothing is left of it
     */
    StreamFile prepare(Path path, long streamId, int seq, int sizeBytes, int neededBytes)
            throws IOException {
        int filledBytes = Math.max(neededBytes, filledAtOnce(sizeBytes));
        DiskFile handle = null;
        try {
            handle = disk.create(path);
            fill(handle, filledBytes);
            if (filledBytes < sizeBytes) {
                handle.truncate(sizeBytes);
            }
            if (sizeBytes >= FileChain.PREPARED_AHEAD_FROM_BYTES) {
                handle.write(0, AheadMark.bytesOf(streamId, seq));
            }
        } catch (IOException failed) {
            WalException refusal = refusal(path, sizeBytes, failed);
            remove(path, handle, refusal);
            throw refusal;
        } catch (RuntimeException | Error unexpected) {
            remove(path, handle, unexpected);
            throw unexpected;
        }
        return open(path, seq, sizeBytes, handle, filledBytes);
    }

    /**
     * A mapping that is written to directly needs all of its file filled. What goes by the journal
     * is filled as it is used: most of a big file of a topic that gets little would be zeros that
     * were written for nothing.
     */
    private int filledAtOnce(int sizeBytes) {
        return tails.isGiven() && sizeBytes >= FileChain.PREPARED_AHEAD_FROM_BYTES
                ? StreamFile.FILLED_AT_ONCE_BYTES
                : sizeBytes;
    }

    /** A file that is there, opened when somebody uses it. */
    StreamFile found(Path path, int seq, int sizeBytes) {
        return open(path, seq, sizeBytes, null, 0);
    }

    private StreamFile open(Path path, int seq, int sizeBytes, DiskFile made, int filledBytes) {
        var handle = new FileHandle(disk, path, made, openFiles);
        FileBytes bytes =
                backend == Backend.MAPPED ? mapped(handle, sizeBytes) : new ChannelBytes(handle);
        if (made != null) {
            openFiles.opened(handle);
        }
        return new StreamFile(path, seq, sizeBytes, filledBytes, bytes);
    }

    private FileBytes mapped(FileHandle handle, int sizeBytes) {
        var file = new MappedBytes(disk, handle);
        return tails.isGiven() ? new TailedBytes(handle, file, sizeBytes, tails) : file;
    }

    private void fill(DiskFile handle, int bytes) throws IOException {
        if (bytes < FileChain.PREPARED_AHEAD_FROM_BYTES) {
            fill(handle, 0, bytes);
        } else {
            fill(handle, ZEROS.duplicate(), 0, bytes);
        }
    }

    /** What cannot be removed now is a file without a header, which the next opening removes. */
    private void remove(Path path, DiskFile handle, Throwable refusal) {
        if (handle != null) {
            try {
                handle.close();
                disk.delete(path);
            } catch (IOException alsoRefused) {
                refusal.addSuppressed(alsoRefused);
            }
        }
    }

    /** Writes zeros over a range; any thread. */
    static void fill(DiskFile file, long from, long to) throws IOException {
        fill(file, ByteBuffer.wrap(SMALL_ZEROS), from, to);
    }

    private static void fill(DiskFile file, ByteBuffer zeros, long from, long to)
            throws IOException {
        for (long at = from; at < to; at += zeros.capacity()) {
            file.write(at, zeros.clear().limit((int) Math.min(zeros.capacity(), to - at)));
        }
    }

    /** A full disk is a refusal that heals by itself; anything else is the disk's own failure. */
    WalException refusal(Path path, long bytes, IOException failed) {
        String message = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = message.contains("no space") || message.contains("quota");
        return full || available(path) < bytes
                ? new WalException(
                        WalException.Kind.FULL,
                        "expected space for a file of %d bytes, found none; nothing was written: %s"
                                .formatted(bytes, path),
                        failed)
                : new WalException(
                        WalException.Kind.IO, "a new file was refused: " + failed, path, 0, failed);
    }

    private long available(Path path) {
        try {
            return disk.availableBytes(path.getParent());
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }
}
