package io.walrus.wal;

import io.walrus.wal.format.FrameFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * One stream of entries: its writer, and what readers may see of it.
 *
 * <p>The lock makes one appender at a time the writer, for the copy of one frame, or for the making
 * of a small file. Readers never take it: they go by {@link #visibleEnd} and the chain's array.
 */
final class Stream implements FileBytes.Ends {

    private final long id;
    private final String name;
    private final EngineServices engine;
    private final FileChain chain;
    private final ReentrantLock lock = new ReentrantLock();
    private final CRC32C crc = new CRC32C();
    private final Map<String, Cursor> cursors = new ConcurrentHashMap<>();

    /** Futures that wait to be told; rises under the lock only. */
    private final AtomicInteger untold = new AtomicInteger();

    private volatile long startOffset;
    private volatile long visibleEnd;
    private volatile boolean sealed;
    private volatile boolean sealRecorded;
    private volatile boolean deleted;
    private volatile boolean gone;
    private volatile String stopped;

    private long nextOffset;
    private long lastTimestampMillis;
    private ByteBuffer viewed;
    private ByteBuffer view;
    private long entriesAcked;
    private long bytesAcked;

    Stream(EngineServices engine, long id, String name) {
        this.engine = engine;
        this.id = id;
        this.name = name;
        this.chain = new FileChain(engine, id);
    }

    /** What recovery found; before anybody else sees the stream. */
    void recovered(long start, long end, long timestampMillis, boolean isSealed, String stop) {
        startOffset = start;
        nextOffset = end;
        visibleEnd = end;
        lastTimestampMillis = timestampMillis;
        sealed = isSealed;
        sealRecorded = isSealed;
        stopped = stop;
    }

    /**
     * Appends and waits until the policy's promise holds; returns the offset of the first entry.
     */
    long append(FrameBody body) {
        Pending waiting;
        lock.lock();
        try {
            StreamFile file = write(body);
            long first = nextOffset - body.count();
            if (engine.acks().atOnce(this, first)) {
                acked(nextOffset, body.count(), body.payloadBytes());
                return first;
            }
            waiting = submit(Pending.sync(this), file, body);
        } catch (RuntimeException | Error thrown) {
            throw failedUnlessRefused(thrown);
        } finally {
            lock.unlock();
        }
        waiting.await();
        return waiting.result;
    }

    /** Appends; the future completes when the policy's promise holds. */
    CompletableFuture<Long> appendAsync(FrameBody body) {
        int frameBytes = FrameFormat.HEADER_BYTES + body.bytes();
        engine.inFlight().take(frameBytes);
        boolean waits = false;
        lock.lock();
        try {
            StreamFile file = write(body);
            long first = nextOffset - body.count();
            if (engine.acks().atOnce(this, first)) {
                acked(nextOffset, body.count(), body.payloadBytes());
                return behindUntold(first);
            }
            Pending pending = Pending.async(this, new CompletableFuture<>());
            submit(pending, file, body);
            untold.incrementAndGet();
            waits = true;
            return pending.future();
        } catch (RuntimeException | Error thrown) {
            throw failedUnlessRefused(thrown);
        } finally {
            lock.unlock();
            if (!waits) {
                engine.inFlight().give(frameBytes);
            }
        }
    }

    /**
     * Under {@code window()} an entry may be acknowledged while the teller is still at those before
     * it.
     */
    private CompletableFuture<Long> behindUntold(long first) {
        if (untold.get() == 0) {
            return CompletableFuture.completedFuture(first);
        }
        Pending pending = Pending.async(this, new CompletableFuture<>());
        pending.result = first;
        pending.settle(null);
        untold.incrementAndGet();
        engine.teller().tell(pending);
        return pending.future();
    }

    /** A future of this stream was told. */
    void told() {
        untold.decrementAndGet();
    }

    /** Nobody knows how far an append came that an unexpected error ended. */
    private WalException failedUnlessRefused(Throwable thrown) {
        LogHealth health = engine.health();
        WalException told = thrown instanceof WalException refused ? refused : health.fail(thrown);
        health.heard();
        return told;
    }

    /** Puts the frame into its file, complete but not yet visible. */
    private StreamFile write(FrameBody body) {
        requireWritable();
        int frameBytes = FrameFormat.HEADER_BYTES + body.bytes();
        try {
            StreamFile file = fileFor(FrameFormat.padded(frameBytes));
            put(file, body, frameBytes);
            engine.dirty().written(this, file);
            return file;
        } catch (IOException failed) {
            throw engine.health().fail(failed);
        }
    }

    private void requireWritable() {
        engine.health().requireHealthy();
        if (deleted) {
            throw new WalException(WalException.Kind.NO_TOPIC, "the topic was deleted: " + name);
        }
        if (sealed) {
            throw new WalException(
                    WalException.Kind.SEALED,
                    "expected a topic that takes entries, found %s sealed at %d"
                            .formatted(name, nextOffset));
        }
        if (stopped != null) {
            throw new WalException(WalException.Kind.STOPPED, stopped);
        }
    }

    /** Its files are closed under a read, and then that is why the read failed. */
    void requireOpen() {
        engine.health().requireOpen();
    }

    private StreamFile fileFor(int paddedBytes) throws IOException {
        StreamFile file = chain.last();
        if (file == null || paddedBytes > file.sizeBytes() - file.usedBytes()) {
            try {
                return chain.extend(nextOffset, paddedBytes);
            } catch (WalException refused) {
                if (refused.kind() == WalException.Kind.FULL) {
                    engine.observer().full(name);
                }
                throw refused;
            }
        }
        return file;
    }

    private void put(StreamFile file, FrameBody body, int frameBytes) throws IOException {
        int position = file.usedBytes();
        int padded = FrameFormat.padded(frameBytes);
        file.bytes().makeRoom(position, frameBytes, this);
        ByteBuffer to = reserve(file, position, frameBytes);
        int at = file.bytes().index(position);
        body.put(to, at + FrameFormat.HEADER_BYTES);
        lastTimestampMillis = Math.max(lastTimestampMillis, engine.clock().millis());
        FrameFormat.seal(
                to,
                viewOf(to),
                crc,
                at,
                frameBytes,
                (int) id,
                file.durableBytes(),
                nextOffset,
                lastTimestampMillis,
                body.count(),
                body.flags(),
                file.header().salt());
        file.bytes().commit(position, frameBytes);
        file.appended(nextOffset, body.count(), position + padded);
        nextOffset += body.count();
        if (file.usedBytes() > file.sizeBytes() / 2) {
            chain.prepareAhead();
        }
    }

    /** A file may have been closed in the meantime; if it cannot be opened, nothing is written. */
    private ByteBuffer reserve(StreamFile file, int position, int frameBytes) {
        try {
            return file.reserve(position, frameBytes);
        } catch (IOException refused) {
            boolean full = DiskRefusal.isFull(refused);
            if (full) {
                engine.observer().full(name);
            }
            String doing = full ? "fill a file for an append" : "open a file for an append";
            throw DiskRefusal.of(doing, file.path(), refused);
        }
    }

    private ByteBuffer viewOf(ByteBuffer buffer) {
        if (viewed != buffer) {
            viewed = buffer;
            view = buffer.duplicate();
        }
        return view;
    }

    private Pending submit(Pending pending, StreamFile file, FrameBody body) throws WalException {
        int frameBytes = FrameFormat.HEADER_BYTES + body.bytes();
        pending.file = file;
        pending.position = file.usedBytes() - FrameFormat.padded(frameBytes);
        pending.frameBytes = frameBytes;
        if (Committer.isJournaled(frameBytes)) {
            pending.frame = file.bytes().reservedBytesStay() ? viewed : copy(viewed, frameBytes);
        }
        pending.at = file.bytes().index(pending.position);
        pending.endOffset = nextOffset;
        pending.count = body.count();
        pending.payloadBytes = body.payloadBytes();
        pending.result = nextOffset - body.count();
        engine.acks().submit(pending);
        return pending;
    }

    private static ByteBuffer copy(ByteBuffer from, int length) {
        ByteBuffer copy = ByteBuffer.allocate(length).order(from.order());
        return copy.put(0, from, 0, length);
    }

    /**
     * Entries up to here may be shown and are promised. Called in order, by one thread at a time.
     */
    void acked(long end, int count, long payloadBytes) {
        visibleEnd = end;
        entriesAcked += count;
        bytesAcked += payloadBytes;
        engine.observer().appended(name, count, payloadBytes);
    }

    /** Runs something while nobody appends. */
    void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Everything appended to a file is in it; returns up to where, and makes it clean. */
    int writeOut(StreamFile file) throws IOException {
        lock.lock();
        try {
            file.dirty(false);
            file.bytes().writeOut();
            return file.usedBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody appended to the file for a while. */
    void dropTail(StreamFile file) throws IOException {
        lock.lock();
        try {
            file.bytes().dropTail();
        } finally {
            lock.unlock();
        }
    }

    /** From here on nobody appends; returns the exact end, which may not be durable yet. */
    long stopForSeal() {
        lock.lock();
        try {
            if (!sealed) {
                requireWritable();
                sealed = true;
            }
            return nextOffset;
        } finally {
            lock.unlock();
        }
    }

    /** The seal was refused for a reason that passes: appends go on. */
    void unseal() {
        locked(() -> sealed = false);
    }

    /** From here on nobody appends or reads; or everybody again, if it could not be deleted. */
    void markDeleted(boolean value) {
        locked(() -> deleted = value);
    }

    void startAt(long offset) {
        startOffset = Math.max(startOffset, offset);
    }

    /** Its cursors that were used since the log was opened. */
    Map<String, Cursor> cursors() {
        return cursors;
    }

    long id() {
        return id;
    }

    String name() {
        return name;
    }

    FileChain chain() {
        return chain;
    }

    long startOffset() {
        return startOffset;
    }

    /** What readers may see, exclusive. */
    @Override
    public long visibleEnd() {
        return visibleEnd;
    }

    /** What was written, exclusive; ask under the lock. */
    @Override
    public long nextOffset() {
        return nextOffset;
    }

    /** The seal is durable: it takes no more entries, ever. */
    boolean isSealRecorded() {
        return sealRecorded;
    }

    void sealRecorded() {
        sealRecorded = true;
    }

    /** Its deletion is recorded: what is left of it owes nobody anything. */
    void markGone() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** Nobody may use it: its deletion was asked for, and may still be refused. */
    boolean isDeleted() {
        return deleted;
    }

    long entriesAcked() {
        return entriesAcked;
    }

    long bytesAcked() {
        return bytesAcked;
    }
}
