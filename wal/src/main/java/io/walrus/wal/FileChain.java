package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.format.FileHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * The files of one stream, oldest first. Changed under the stream's lock; readers take the array as
 * it is. The next file is prepared ahead when a big one is half full.
 */
final class FileChain {

    static final int PREPARED_AHEAD_FROM_BYTES = 256 << 10;
    private static final StreamFile[] NONE = {};

    private final EngineServices engine;
    private final long streamId;
    private final Path dir;
    private volatile StreamFile[] files = NONE;
    private CompletableFuture<StreamFile> next;
    private int lastSeq;

    /** The directory's name may not survive a power cut yet. */
    private volatile boolean nameDirty;

    /** Its directory is there; for whoever makes the next file. */
    private boolean directoryMade;

    FileChain(EngineServices engine, long streamId) {
        this.engine = engine;
        this.streamId = streamId;
        this.dir = engine.streamsDir().resolve(directoryName(streamId));
    }

    static String directoryName(long streamId) {
        return HexFormat.of().toHexDigits(streamId);
    }

    Path dir() {
        return dir;
    }

    boolean isNameDirty() {
        return nameDirty;
    }

    void nameSynced() {
        nameDirty = false;
    }

    StreamFile[] files() {
        return files;
    }

    boolean holds(StreamFile file) {
        for (StreamFile one : files) {
            if (one == file) {
                return true;
            }
        }
        return false;
    }

    /** The file that is written to, or null. */
    StreamFile last() {
        StreamFile[] now = files;
        return now.length == 0 ? null : now[now.length - 1];
    }

    /** What was there at opening. */
    void found(StreamFile[] found, int highestSeq) {
        files = found;
        lastSeq = highestSeq;
    }

    /** The last file is half full: has the next one prepared if making it would be felt. */
    void prepareAhead() {
        StreamFile last = last();
        int size = engine.files().sizeAfter(last.sizeBytes());
        if (next == null && size >= PREPARED_AHEAD_FROM_BYTES) {
            next = prepareOn(engine.preparer(), size, FileHeader.BYTES);
        }
    }

    /** A big file is zeros from memory outside of the heap, which engine threads alone write. */
    private CompletableFuture<StreamFile> prepareOn(Executor thread, int size, int needed) {
        int seq = ++lastSeq;
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return prepare(seq, size, needed);
                    } catch (IOException failed) {
                        throw new CompletionException(failed);
                    }
                },
                thread);
    }

    /**
     * Begins the next file, with room for a frame.
     *
     * @throws WalException FULL if there is no space; the chain is as before
     */
    StreamFile extend(long firstOffset, int paddedFrameBytes) throws IOException {
        StreamFile last = last();
        if (last != null) {
            last.bytes().dropTail();
        }
        StreamFile made = take(last == null ? 0 : last.sizeBytes(), paddedFrameBytes);
        begin(made, firstOffset);
        StreamFile[] longer = Arrays.copyOf(files, files.length + 1);
        longer[files.length] = made;
        files = longer;
        if (last != null) {
            engine.preparer().execute(() -> trim(last));
        }
        return made;
    }

    /** A file that cannot begin is given back: nothing of the append was written. */
    private void begin(StreamFile made, long firstOffset) throws IOException {
        try {
            made.begin(
                    new FileHeader(
                            streamId,
                            made.seq(),
                            engine.salts().getAsInt(),
                            firstOffset,
                            engine.clock().millis(),
                            made.sizeBytes()));
        } catch (IOException failed) {
            WalException refusal = engine.files().refusal(made.path(), 0, failed);
            try {
                discard(made);
            } catch (IOException alsoRefused) {
                refusal.addSuppressed(alsoRefused);
            }
            throw refusal;
        }
    }

    private StreamFile take(int lastSizeBytes, int paddedFrameBytes) throws IOException {
        int needed = Math.addExact(FileHeader.BYTES, paddedFrameBytes);
        StreamFile ahead = takeAhead();
        if (ahead != null && ahead.sizeBytes() >= needed) {
            return ahead;
        }
        if (ahead != null) {
            discard(ahead);
        }
        int size = Math.max(engine.files().sizeAfter(lastSizeBytes), needed);
        return size < PREPARED_AHEAD_FROM_BYTES
                ? prepare(++lastSeq, size, needed)
                : prepareAndWait(size, needed);
    }

    private StreamFile prepareAndWait(int size, int needed) throws IOException {
        try {
            return prepareOn(engine.maker(), size, needed).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof WalException refused) {
                throw refused;
            }
            if (failed.getCause() instanceof IOException broken) {
                throw broken;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
    }

    /** The file that was being prepared; null if there is none, or it failed and is to be tried. */
    private StreamFile takeAhead() {
        CompletableFuture<StreamFile> ready = next;
        next = null;
        try {
            return ready == null ? null : ready.join();
        } catch (CompletionException refused) {
            return null;
        }
    }

    private StreamFile prepare(int seq, int size, int needed) throws IOException {
        Disk disk = engine.disk();
        if (!directoryMade) {
            try {
                makeDirectory(disk);
            } catch (IOException failed) {
                throw engine.files().refusal(dir, 0, failed);
            }
            directoryMade = true;
        }
        return engine.files()
                .prepare(dir.resolve(StreamFile.name(seq)), streamId, seq, size, needed);
    }

    /** It may be there from an earlier try. Its name is synced before anything in it counts. */
    private void makeDirectory(Disk disk) throws IOException {
        if (!disk.exists(dir)) {
            nameDirty = true;
            disk.createDirectory(dir);
        }
    }

    private void discard(StreamFile unused) throws IOException {
        unused.bytes().close();
        engine.disk().delete(unused.path());
    }

    /** Gives the unused end of a file that was left behind back to the disk. */
    private void trim(StreamFile left) {
        try {
            left.bytes().trim(left.usedBytes());
        } catch (NoSuchFileException deletedMeanwhile) {
            // Its stream was deleted or shortened: there is nothing to give back any more.
        } catch (IOException failed) {
            if (!engine.health().isClosed() && Arrays.asList(files).contains(left)) {
                engine.health().fail(failed);
            }
        } catch (RuntimeException | Error unexpected) {
            engine.health().fail(unexpected);
        }
    }

    /** Takes files off the front that end at or before an offset; returns them. */
    StreamFile[] dropBefore(long offset) {
        StreamFile[] now = files;
        int count = 0;
        while (count + 1 < now.length && now[count + 1].firstOffset() <= offset) {
            count++;
        }
        files = Arrays.copyOfRange(now, count, now.length);
        return Arrays.copyOf(now, count);
    }

    /** Nothing comes any more: gives back what was made for more. */
    void finish() throws IOException {
        discardAhead();
        StreamFile last = last();
        if (last != null) {
            last.bytes().dropTail();
            last.bytes().trim(last.usedBytes());
        }
    }

    /** Gives back the file that was prepared and not used. */
    void discardAhead() throws IOException {
        StreamFile ahead = takeAhead();
        if (ahead != null) {
            discard(ahead);
        }
    }

    /** Says in the files how much of them is durable: the next opening need not force them. */
    void markDurable() throws IOException {
        for (StreamFile file : files) {
            file.mark();
        }
    }

    /** Lets go of all handles, whatever one of them says. */
    void close() throws IOException {
        Closing.all(Arrays.stream(files).map(StreamFile::bytes).toList());
    }
}
