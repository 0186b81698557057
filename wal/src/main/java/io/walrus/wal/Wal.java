package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.RealDisk;
import io.walrus.wal.format.FrameFormat;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * A log: append, read, and move cursors, with a choice of durability.
 *
 * <p>Thread-safe. Appends to one topic are in one order, and offsets are dense from 0. An append
 * writes on the caller's thread; if it must wait for a sync, the sync runs on the engine's threads
 * and is shared. Reads take no lock and never wait for one. An interrupt neither ends a wait nor
 * harms the log; it is kept for the caller.
 *
 * <p>Failures are {@link WalException}s, which say whether a retry makes sense and whether it may
 * have happened. Once a write or sync has failed, nothing is acknowledged any more until the log is
 * opened again; reads go on.
 */
public final class Wal implements Closeable {

    private static final long BATCH_BYTES_MAX = 1L << 30;

    private final Engine engine;
    private final StreamCursors cursors;
    private final StreamLife life;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ThreadLocal<FrameBody.One> entry = ThreadLocal.withInitial(FrameBody.One::new);

    private Wal(Engine engine) {
        this.engine = engine;
        this.cursors = new StreamCursors(engine);
        this.life = new StreamLife(engine);
    }

    /**
     * Opens the log in a directory, or begins a new one; recovers what a crash left.
     *
     * @throws WalException LOCKED, FOREIGN, NEWER_VERSION or DAMAGED with nothing changed; FULL or
     *     IO if the disk refuses
     */
    public static Wal open(WalOptions options) {
        return open(options, new RealDisk());
    }

    static Wal open(WalOptions options, Disk disk) {
        return open(options, disk, System::nanoTime);
    }

    static Wal open(WalOptions options, Disk disk, LongSupplier nanoClock) {
        return new Wal(Engine.open(options, disk, nanoClock));
    }

    /** Appends one entry; see {@link #append(String, ByteBuffer)}. */
    public long append(String topic, byte[] payload) {
        Stream stream = appendable(topic, payload.length);
        FrameBody.One body = entry.get().holding(payload);
        try {
            return stream.append(body);
        } finally {
            body.letGo();
        }
    }

    /**
     * Appends one entry, and makes the topic if there is none.
     *
     * @param payload its remaining bytes are copied; its position stays. Empty is legal
     * @return the entry's offset, once it is as durable as the policy promises
     * @throws WalException ILLEGAL_NAME, ENTRY_TOO_LARGE, SEALED, FULL, STOPPED or CLOSED with
     *     nothing appended; FAILED if it may have been
     */
    public long append(String topic, ByteBuffer payload) {
        Stream stream = appendable(topic, payload.remaining());
        FrameBody.One body = entry.get().holding(payload);
        try {
            return stream.append(body);
        } finally {
            body.letGo();
        }
    }

    /**
     * Appends 1 to 2,000 entries of up to 1 GiB together, all or nothing, also across a crash.
     *
     * @return the first one's offset; the others follow densely
     * @throws WalException as for {@link #append(String, ByteBuffer)}, and BATCH_REFUSED; BUSY with
     *     nothing appended if {@link Backend#FILE_CHANNEL} has no heap for it
     */
    public long appendBatch(String topic, List<ByteBuffer> payloads) {
        FrameBody.Batch batch = batch(payloads);
        return engine.streamOrNew(topic).append(batch);
    }

    /**
     * Appends one entry without waiting for a sync. Its bytes are copied before this returns.
     *
     * <p>The stage completes with the offset once the entry is as durable as the policy promises:
     * before this returns, on the caller's thread, if nothing is to be waited for; else on a thread
     * that tells nobody anything else and may be held up, but nobody's sync waits for it. Stages of
     * one topic complete in the order of their calls. This never waits for room: beyond {@link
     * WalOptions#inFlightMax} stages that wait, in all topics together, it refuses.
     *
     * @throws WalException at once, for what {@link #append(String, ByteBuffer)} refuses, and BUSY
     *     with nothing appended; FAILED comes through the stage
     */
    public CompletionStage<Long> appendAsync(String topic, ByteBuffer payload) {
        Stream stream = appendable(topic, payload.remaining());
        FrameBody.One body = entry.get().holding(payload);
        try {
            return stream.appendAsync(body);
        } finally {
            body.letGo();
        }
    }

    /** As {@link #appendBatch} and {@link #appendAsync} together. */
    public CompletionStage<Long> appendBatchAsync(String topic, List<ByteBuffer> payloads) {
        FrameBody.Batch batch = batch(payloads);
        CompletableFuture<Long> done = engine.streamOrNew(topic).appendAsync(batch);
        return done;
    }

    private Stream appendable(String topic, int payloadBytes) {
        requireFits(payloadBytes);
        return engine.streamOrNew(topic);
    }

    private void requireFits(int payloadBytes) {
        if (payloadBytes > engine.options().entryBytesMax()) {
            throw new WalException(
                    WalException.Kind.ENTRY_TOO_LARGE,
                    "expected an entry of up to %d bytes, got %d"
                            .formatted(engine.options().entryBytesMax(), payloadBytes));
        }
    }

    private FrameBody.Batch batch(List<ByteBuffer> payloads) {
        int count = payloads.size();
        if (count < 1 || count > FrameFormat.COUNT_MAX) {
            throw new WalException(
                    WalException.Kind.BATCH_REFUSED,
                    "expected a batch of 1 to %d entries, got %d"
                            .formatted(FrameFormat.COUNT_MAX, count));
        }
        long bytes = (long) count * FrameFormat.LENGTH_BYTES;
        for (ByteBuffer payload : payloads) {
            requireFits(payload.remaining());
            bytes += payload.remaining();
        }
        if (bytes > BATCH_BYTES_MAX) {
            throw new WalException(
                    WalException.Kind.BATCH_REFUSED,
                    "expected a batch of up to %d bytes, got %d".formatted(BATCH_BYTES_MAX, bytes));
        }
        return new FrameBody.Batch(payloads, (int) bytes);
    }

    /**
     * The next entry of the topic's consuming cursor.
     *
     * @param checkpoint true moves the cursor behind it, as durable as the policy and {@link
     *     ReadConsistency} promise, before it is handed out; false only looks
     * @throws WalException NO_TOPIC, CLOSED; DAMAGED if that entry or the cursor is; FAILED or
     *     STOPPED if the move cannot be made durable
     */
    public Optional<Entry> readNext(String topic, boolean checkpoint) {
        List<Entry> one = consume(topic, Integer.MAX_VALUE, 1, checkpoint);
        return one.isEmpty() ? Optional.empty() : Optional.of(one.get(0));
    }

    /**
     * As {@link #readNext}, with up to 2,000 entries whose payloads have {@code maxBytes} together,
     * but at least one if there is one.
     */
    public List<Entry> readBatch(String topic, int maxBytes, boolean checkpoint) {
        return consume(topic, maxBytes, StreamReads.ENTRIES_MAX, checkpoint);
    }

    private List<Entry> consume(String topic, int maxBytes, int maxEntries, boolean checkpoint) {
        Stream stream = openStream(topic);
        Cursor cursor = cursors.cursor(stream, StreamCursors.CONSUMING);
        if (!checkpoint) {
            return StreamReads.read(stream, cursor.next(), maxBytes, maxEntries);
        }
        List<List<Entry>> read = new ArrayList<>(1);
        cursor.consume(
                from -> {
                    List<Entry> entries = StreamReads.read(stream, from, maxBytes, maxEntries);
                    read.add(entries);
                    return from + entries.size();
                });
        return read.get(0);
    }

    /**
     * Entries from an offset on; no cursor moves. None at the end; else at least one, then as many
     * as {@code maxBytes} of payload hold, up to 2,000.
     *
     * @throws WalException NO_TOPIC, CLOSED; OUT_OF_RANGE before the start; DAMAGED if the first
     *     one is
     */
    public List<Entry> readAt(String topic, long offset, int maxBytes) {
        return StreamReads.read(openStream(topic), offset, maxBytes, StreamReads.ENTRIES_MAX);
    }

    /**
     * Moves a named cursor forward; a place that it has passed already changes nothing. The empty
     * name is the consuming cursor. Durable by the policy when this returns.
     *
     * @throws WalException NO_TOPIC, ILLEGAL_NAME, OUT_OF_RANGE, CLOSED, STOPPED; FAILED if it may
     *     have moved
     */
    public void commit(String topic, String cursor, long nextOffset) {
        cursors.commit(openStream(topic), cursor, nextOffset);
    }

    /**
     * Moves a named cursor anywhere, back too, and mends one that is damaged; otherwise as {@link
     * #commit}.
     */
    public void seek(String topic, String cursor, long offset) {
        cursors.seek(openStream(topic), cursor, offset);
    }

    /**
     * Next offset of a named cursor; empty if it never moved.
     *
     * @throws WalException NO_TOPIC, ILLEGAL_NAME, CLOSED; DAMAGED if its value is lost
     */
    public OptionalLong cursor(String topic, String cursor) {
        return cursors.position(openStream(topic), cursor);
    }

    /**
     * The cursors that were ever moved, by name.
     *
     * @throws WalException NO_TOPIC, CLOSED; DAMAGED if the value of any is lost
     */
    public Map<String, Long> cursors(String topic) {
        return cursors.positions(openStream(topic));
    }

    /**
     * The first entry that was appended at or after a time, as the log's clock told it; empty if
     * there is none yet. Entries that are damaged have no time: the search goes past them.
     *
     * @throws WalException NO_TOPIC, CLOSED; IO if the disk cannot be read
     */
    public OptionalLong offsetAtTime(String topic, Instant time) {
        return StreamTimes.offsetAt(openStream(topic), time);
    }

    /**
     * Makes a topic if there is none. Durable when this returns under {@code each()}, under the
     * other policies as an append would be.
     *
     * @throws WalException ILLEGAL_NAME, FULL, STOPPED or CLOSED with nothing made; NO_TOPIC if it
     *     is deleted meanwhile; FAILED if it may have been made
     */
    public void create(String topic) {
        Stream stream = engine.streamOrNew(topic);
        if (engine.isEach()) {
            engine.whileOpen(engine::awaitAcks);
        }
        if (stream.isDeleted()) {
            throw new WalException(
                    WalException.Kind.NO_TOPIC, "the topic is being deleted: " + topic);
        }
    }

    /**
     * Whether there is a topic of that name at this moment; of a name that none may have, false.
     *
     * @throws WalException CLOSED
     */
    public boolean exists(String topic) {
        engine.health().requireOpen();
        return engine.find(topic) != null;
    }

    /**
     * The names at this moment, as a copy.
     *
     * @throws WalException CLOSED
     */
    public SortedSet<String> topics() {
        engine.health().requireOpen();
        return Collections.unmodifiableSortedSet(new TreeSet<>(engine.streams().keySet()));
    }

    /**
     * How many entries the topic holds: from its start to its end. While somebody truncates, some
     * that were just given up may count.
     *
     * @throws WalException NO_TOPIC, CLOSED
     */
    public long entryCount(String topic) {
        Stream stream = openStream(topic);
        // The start first: it may pass an end that was read before.
        long start = stream.startOffset();
        return stream.visibleEnd() - start;
    }

    /** Offset of the first entry that was not given up. */
    public long startOffset(String topic) {
        return openStream(topic).startOffset();
    }

    /** Offset after the last entry that readers may see. */
    public long endOffset(String topic) {
        return openStream(topic).visibleEnd();
    }

    /**
     * Freezes a topic: it takes no more entries, ever. Durable when this returns, with everything
     * in it, under every policy. Again: the same answer. Appends that race with it are in, or are
     * refused as SEALED; waits for a sync on the engine's threads.
     *
     * @return the exact end offset
     * @throws WalException NO_TOPIC, CLOSED; FULL, IO or STOPPED with nothing sealed; FAILED if it
     *     may be sealed
     */
    public long seal(String topic) {
        return life.seal(openStream(topic));
    }

    /**
     * Whether a seal of the topic is durable.
     *
     * @throws WalException NO_TOPIC, CLOSED
     */
    public boolean isSealed(String topic) {
        return openStream(topic).isSealRecorded();
    }

    /**
     * Removes a topic, its entries and its cursors; durable when this returns, under every policy.
     * Works on a full disk. Appends and reads that race with it are refused as NO_TOPIC.
     *
     * @throws WalException NO_TOPIC, CLOSED; IO or STOPPED with nothing removed; FAILED if it may
     *     be
     */
    public void delete(String topic) {
        life.delete(openStream(topic));
    }

    /**
     * Gives up the entries before an offset, up to the end; durable when this returns, under every
     * policy. An offset that was given up already changes nothing. Disk space comes back in whole
     * files.
     *
     * @throws WalException OUT_OF_RANGE behind the end, NO_TOPIC, CLOSED; IO or STOPPED with
     *     nothing given up; FAILED if they may be
     */
    public void truncateBefore(String topic, long offset) {
        life.truncateBefore(openStream(topic), offset);
    }

    /**
     * Everything that was acknowledged before is durable when this returns: entries and cursors of
     * all topics. Waits for the engine's threads.
     *
     * @throws WalException CLOSED, STOPPED; FAILED if a force fails, which is the end of this log
     */
    public void sync() {
        engine.whileOpen(
                () -> {
                    engine.awaitAcks();
                    engine.flusher().call(engine.flusher()::syncAll);
                });
    }

    /** What opening found; also after closing. */
    public RecoveryReport recovery() {
        return engine.recovery();
    }

    /** Counters since opening; also after closing. */
    public WalStats stats() {
        return engine.stats();
    }

    private Stream openStream(String topic) {
        engine.health().requireOpen();
        return engine.stream(topic);
    }

    /**
     * Makes everything durable, whatever the policy, and lets go of files, threads and the lock.
     * Entries that were read stay valid. Calls under way end or are refused as CLOSED. Again:
     * nothing.
     *
     * @throws WalException FAILED or IO if it cannot make everything durable, or the log had failed
     *     and nobody was told; files, threads and the lock are let go of all the same
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.close();
        }
    }
}
