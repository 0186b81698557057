package io.walrus.node.storage;

import static io.walrus.node.storage.SegmentStreams.streamOf;

import io.walrus.metadata.CursorPosition;
import io.walrus.wal.Entry;
import io.walrus.wal.RecoveryReport;
import io.walrus.wal.Wal;
import io.walrus.wal.WalOptions;
import io.walrus.wal.WalStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Door of the storage room: the segments that this node holds, on the log engine.
 *
 * <p>Durability is the fsync policy's of {@link StorageOptions}. Entries of one segment keep the
 * order of their offers. All methods may be called from any thread and none of them blocks, except
 * {@link #open} and {@link #close}, which do file work and belong to a worker thread. A segment is
 * writable between {@link #openSegment} and {@link #seal}, and never again after that.
 */
public final class SegmentStore {

    /** A payload with that much room before its position is not copied on its way to the log. */
    public static final int HEADROOM_BYTES = Envelope.BYTES_MAX;

    private static final int ENTRY_BYTES_MAX = WalOptions.ENTRY_BYTES_MAX_DEFAULT;

    private final StorageOptions options;
    private final WriteGate gate;
    private final Consumer<StoredSegment> whenFull;
    private final StorageObserver observer;
    private final Map<StoredSegment, SegmentWriter> writers = new ConcurrentHashMap<>();
    private final Map<StoredTopic, CursorLog> cursors = new ConcurrentHashMap<>();

    private volatile Consumer<StoredTopic> whenAcked = topic -> {};

    private Wal wal;
    private Executor workers;
    private EntryFinder finder;

    /**
     * @param gate asked at each write and before each ack
     * @param whenFull told once, on a storage thread, when a segment has reached its limit and
     *     stopped
     * @param observer hears what happens
     */
    public SegmentStore(
            StorageOptions options,
            WriteGate gate,
            Consumer<StoredSegment> whenFull,
            StorageObserver observer) {
        this.options = options;
        this.gate = (segment, epoch) -> observed(gate.mayWrite(segment, epoch), observer);
        this.whenFull = whenFull;
        this.observer = observer;
    }

    private static boolean observed(boolean mayWrite, StorageObserver observer) {
        if (!mayWrite) {
            observer.fenced();
        }
        return mayWrite;
    }

    /**
     * Who hears that entries of a topic were acknowledged, after they can be read; called on engine
     * threads, must not block.
     */
    public void whenAcked(Consumer<StoredTopic> listener) {
        whenAcked = listener;
    }

    /** Opens the log engine and recovers it; blocks for as long as that takes. */
    void open(Executor workers) {
        this.workers = workers;
        this.wal =
                Wal.open(
                        WalOptions.in(options.dir())
                                .fsync(options.fsync())
                                .observer(new ObservedEngine(observer))
                                .entryBytesMax(ENTRY_BYTES_MAX + Envelope.BYTES_MAX)
                                .topicNameLengthMax(SegmentStreams.NAME_LENGTH_MAX));
        this.finder = new EntryFinder(wal, workers);
    }

    /** Stops all writers, waits for what is in flight, closes the engine; blocks. */
    void close() {
        if (wal == null) {
            return;
        }
        CompletableFuture.allOf(
                        writers.values().stream()
                                .map(SegmentWriter::stop)
                                .toArray(CompletableFuture[]::new))
                .join();
        wal.close();
    }

    /** What opening the engine found and cut. */
    public RecoveryReport recovery() {
        return wal.recovery();
    }

    public WalStats stats() {
        return wal.stats();
    }

    /** Topics that have a segment or a cursor here. */
    public Set<StoredTopic> topics() {
        var held = new HashSet<StoredTopic>();
        wal.topics().forEach(stream -> SegmentStreams.topicOf(stream).ifPresent(held::add));
        return held;
    }

    /**
     * Makes a segment writable under {@code epoch}; creates its stream if need be. Idempotent.
     *
     * @param quorum decides when an entry is durable on enough copies
     * @return completes when the stream is there; fails with the engine's exception
     */
    public CompletionStage<Void> openSegment(
            StoredSegment segment, long epoch, DurableQuorum quorum) {
        return onWorker(
                () -> {
                    wal.create(streamOf(segment));
                    writers.computeIfAbsent(segment, s -> newWriter(s, epoch, quorum));
                    return null;
                });
    }

    /** A leader never resumes a segment, so that an empty one is all there can be. */
    private SegmentWriter newWriter(StoredSegment segment, long epoch, DurableQuorum quorum) {
        String stream = streamOf(segment);
        if (wal.endOffset(stream) > 0) {
            throw new IllegalStateException(
                    "expected an empty segment, found %d entries in %s"
                            .formatted(wal.endOffset(stream), stream));
        }
        return new SegmentWriter(
                segment,
                stream,
                epoch,
                new ProducerTable(),
                wal,
                gate,
                quorum,
                options,
                workers,
                () -> whenFull.accept(segment),
                () -> whenAcked.accept(segment.topic()));
    }

    /** True when {@link #append} has a writer for this segment. */
    public boolean isWritable(StoredSegment segment) {
        return writers.containsKey(segment);
    }

    /**
     * True when this node takes no more entries for a segment that it has written: stopped, or
     * sealed here already.
     */
    public boolean isStopped(StoredSegment segment) {
        SegmentWriter writer = writers.get(segment);
        if (writer != null) {
            return writer.isStopped();
        }
        String stream = streamOf(segment);
        return wal.exists(stream) && wal.isSealed(stream);
    }

    /**
     * Offers entries to the segment's writer; the outcome comes through the request, in the order
     * of the offers.
     */
    public void append(StoredSegment segment, AppendRequest request) {
        SegmentWriter writer = writers.get(segment);
        if (writer == null) {
            request.turn().turnBack();
            request.whenDone()
                    .accept(
                            new AppendOutcome.NotHere(
                                    segment.id(), "the segment is not open on this node"));
            return;
        }
        writer.offer(ObservedAppend.of(request, observer));
    }

    /**
     * Stops the segment's writer, waits for writes in flight, freezes the stream.
     *
     * @return the exact count of entries; the same answer however often it is asked
     */
    public CompletionStage<Long> seal(StoredSegment segment) {
        SegmentWriter writer = writers.get(segment);
        CompletionStage<Void> quiet =
                writer == null ? CompletableFuture.completedFuture(null) : writer.stop();
        return quiet.thenCompose(
                done ->
                        onWorker(
                                () -> {
                                    String stream = streamOf(segment);
                                    wal.create(stream);
                                    long count = wal.seal(stream);
                                    if (writer != null) {
                                        finder.remember(stream, writer.producers());
                                    }
                                    writers.remove(segment);
                                    return count;
                                }));
    }

    /**
     * Entries that may be read: acked ones of a writable segment, all of a recovered or sealed one;
     * 0 if not held.
     */
    public long readableCount(StoredSegment segment) {
        SegmentWriter writer = writers.get(segment);
        if (writer != null) {
            return writer.ackedCount();
        }
        String stream = streamOf(segment);
        return wal.exists(stream) ? wal.endOffset(stream) : 0;
    }

    /**
     * What the segments that are open here have that may be read, however many others there are.
     */
    public LongSummaryStatistics openCounts() {
        return writers.values().stream().mapToLong(SegmentWriter::ackedCount).summaryStatistics();
    }

    /**
     * Reads acked entries from {@code offset} on: at least one if there is one, whatever its size.
     *
     * @return empty at the end of the segment; fails with the engine's exception where an entry is
     *     damaged
     */
    public CompletionStage<List<Entry>> read(
            StoredSegment segment, long offset, int entriesMax, int bytesMax) {
        return onWorker(
                () -> {
                    long readable = Math.min(readableCount(segment) - offset, entriesMax);
                    if (readable <= 0) {
                        return List.of();
                    }
                    return readNow(streamOf(segment), offset, (int) readable, bytesMax);
                });
    }

    /**
     * The offset of the first acked entry that was appended at or after a time, in milliseconds
     * since 1970; the end of what may be read if there is none.
     */
    public CompletionStage<Long> offsetAtTime(StoredSegment segment, long epochMillis) {
        return onWorker(
                () -> {
                    long readable = readableCount(segment);
                    if (readable == 0) {
                        return 0L;
                    }
                    return Math.min(
                            readable,
                            wal.offsetAtTime(streamOf(segment), Instant.ofEpochMilli(epochMillis))
                                    .orElse(readable));
                });
    }

    /** The envelopes do not count. */
    private List<Entry> readNow(String stream, long offset, int entriesMax, int bytesMax) {
        long withEnvelopes = bytesMax + (long) Envelope.BYTES_MAX * entriesMax;
        var entries = new ArrayList<Entry>();
        long bytes = 0;
        for (Entry stored :
                wal.readAt(stream, offset, (int) Math.min(withEnvelopes, Integer.MAX_VALUE))) {
            Entry entry = Envelope.open(stored);
            bytes += entry.payload().remaining();
            if (entries.size() == entriesMax || bytes > bytesMax && !entries.isEmpty()) {
                break;
            }
            entries.add(entry);
        }
        return entries;
    }

    /**
     * Where a sealed segment that is held here has a numbered entry; empty if it has it not. Reads
     * the segment, on storage workers, unless it was sealed here not long ago.
     *
     * @return fails with an {@link IllegalStateException} while that cannot be told
     */
    public CompletionStage<OptionalLong> find(StoredSegment segment, ProducerMark mark) {
        return finder.find(streamOf(segment), mark);
    }

    /** The stored place of a topic's shared cursor; empty if this node never owned it. */
    public CompletionStage<CursorPosition> cursor(StoredTopic topic) {
        return onWorker(() -> cursorLog(topic).place());
    }

    /**
     * Stores a topic's shared cursor as the fsync policy promises; a place behind the stored one is
     * refused, because a cursor never goes back.
     */
    public CompletionStage<Void> moveCursor(StoredTopic topic, CursorPosition place) {
        return onWorker(() -> cursorLog(topic).move(place)).thenCompose(stored -> stored);
    }

    private CursorLog cursorLog(StoredTopic topic) {
        return cursors.computeIfAbsent(topic, t -> CursorLog.open(wal, t));
    }

    /**
     * Removes every segment and the cursor of a topic from this node, after the writes in flight
     * have their outcome. Idempotent.
     */
    public CompletionStage<Void> deleteTopic(StoredTopic topic) {
        return CompletableFuture.allOf(
                        writers.entrySet().stream()
                                .filter(open -> open.getKey().topic().equals(topic))
                                .map(open -> open.getValue().stop())
                                .toArray(CompletableFuture[]::new))
                .thenCompose(quiet -> onWorker(() -> deleteStreams(topic)));
    }

    private Void deleteStreams(StoredTopic topic) {
        writers.keySet().removeIf(segment -> segment.topic().equals(topic));
        cursors.remove(topic);
        for (String stream : wal.topics()) {
            if (SegmentStreams.topicOf(stream).filter(topic::equals).isPresent()) {
                wal.delete(stream);
            }
        }
        return null;
    }

    private <T> CompletionStage<T> onWorker(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, workers);
    }
}
