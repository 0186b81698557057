package io.walrus.node.storage;

import io.walrus.node.storage.AppendOutcome.Appended;
import io.walrus.node.storage.AppendOutcome.NotHere;
import io.walrus.node.storage.AppendOutcome.Unknown;
import io.walrus.wal.Wal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The one writer of one segment: whatever waits in its queue becomes one write of the log engine.
 *
 * <p>Threads: {@link #offer} and {@link #stop} from any thread; {@link #drain} on one storage
 * worker at a time. Outcomes are given in the order of the offers. The write gate is asked before
 * each write and again before each ack.
 */
final class SegmentWriter {

    private final StoredSegment segment;
    private final long epoch;
    private final String stream;
    private final Wal wal;
    private final WriteGate gate;
    private final DurableQuorum quorum;
    private final StorageOptions options;
    private final Executor workers;
    private final Runnable whenFull;
    private final Runnable whenAcked;

    private final Queue<AppendRequest> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong acked = new AtomicLong();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile int writesInFlight;

    /** Completes when every outcome so far was told, in order; replaced while draining only. */
    private CompletionStage<Void> told = CompletableFuture.completedFuture(null);

    /** Entries and payload bytes handed to the engine and not refused by it. */
    private final AtomicLong written = new AtomicLong();

    private final AtomicLong writtenBytes = new AtomicLong();
    private final ProducerTable producers;

    SegmentWriter(
            StoredSegment segment,
            String stream,
            long epoch,
            ProducerTable producers,
            Wal wal,
            WriteGate gate,
            DurableQuorum quorum,
            StorageOptions options,
            Executor workers,
            Runnable whenFull,
            Runnable whenAcked) {
        this.segment = segment;
        this.epoch = epoch;
        this.stream = stream;
        this.producers = producers;
        this.wal = wal;
        this.gate = gate;
        this.quorum = quorum;
        this.options = options;
        this.workers = workers;
        this.whenFull = whenFull;
        this.whenAcked = whenAcked;
        this.written.set(wal.endOffset(stream));
        this.acked.set(written.get());
    }

    long epoch() {
        return epoch;
    }

    /** Entries that were acked, or were there when the writer was opened. */
    long ackedCount() {
        return acked.get();
    }

    /** What it knows of its producers' entries; complete once the writer has stopped. */
    ProducerTable producers() {
        return producers;
    }

    boolean isStopped() {
        return stopped;
    }

    /**
     * Hands entries over; the outcome comes through the request, also when the writer has stopped.
     */
    void offer(AppendRequest request) {
        queue.add(request);
        schedule();
    }

    /** Takes no more entries from now on; completes when every write in flight has its outcome. */
    CompletableFuture<Void> stop() {
        stopped = true;
        schedule();
        return drained;
    }

    private void schedule() {
        if (draining.compareAndSet(false, true)) {
            workers.execute(this::drain);
        }
    }

    private void drain() {
        try {
            AppendRequest next;
            while ((next = queue.poll()) != null) {
                stopIfFullFor(next);
                if (stopped) {
                    refuse(next, "the segment is closed for writing");
                } else if (next.turn().isTurnedBack() || !gate.mayWrite(segment.id(), epoch)) {
                    refuse(next, "this node does not hold the lease");
                } else if (producers.isNext(next.mark())) {
                    write(gather(next));
                } else {
                    answerNumbered(next);
                }
            }
            stopIf(isFull());
        } finally {
            draining.set(false);
        }
        if (!queue.isEmpty()) {
            schedule();
        }
        reportDrained();
    }

    /**
     * A request that must stay together and does not fit ends the segment, unless the segment is
     * empty.
     */
    private void stopIfFullFor(AppendRequest next) {
        boolean tooBig = next.isAtomic() && next.payloads().size() > room() && written.get() > 0;
        stopIf(isFull() || tooBig);
    }

    private void stopIf(boolean full) {
        if (full && !stopped) {
            stopped = true;
            whenFull.run();
        }
    }

    private boolean isFull() {
        return written.get() >= options.segmentEntriesMax()
                || writtenBytes.get() >= options.segmentBytesMax()
                || producers.isFull();
    }

    /** Entries that are not written, because they are here already or not the next ones. */
    private void answerNumbered(AppendRequest request) {
        ProducerTable.Look look = producers.look(request.mark());
        tell(
                request,
                switch (look) {
                    case KNOWN -> () -> known(request);
                    case FORGOTTEN ->
                            () ->
                                    new Unknown(
                                            "%s has later entries of that producer and knows the"
                                                            .formatted(segment)
                                                    + " last %d only; ask again when it is sealed"
                                                            .formatted(
                                                                    ProducerTable.SEQUENCES_MAX));
                    default -> () -> new NotHere(segment.id(), "it is not the producer's next");
                });
    }

    /** The first try's outcome, which has been told by now; of entries in a row only. */
    private AppendOutcome known(AppendRequest request) {
        long offset = producers.offsetOf(request.mark());
        if (offset < 0 || !gate.mayWrite(segment.id(), epoch)) {
            return new Unknown("the outcome of its first try is unknown");
        }
        int count = producers.inARow(request.mark(), request.payloads().size());
        return Appended.again(segment.id(), offset, count);
    }

    /**
     * Told behind the outcomes of the writes before it, so that what goes elsewhere keeps its
     * order.
     */
    private void refuse(AppendRequest request, String why) {
        request.turn().turnBack();
        if (!request.mark().isNone()) {
            producers.refused(request.mark());
        }
        tell(request, () -> new NotHere(segment.id(), why));
    }

    private void tell(AppendRequest request, Supplier<AppendOutcome> outcome) {
        writeStarted();
        told =
                told.thenRun(
                        () -> {
                            request.whenDone().accept(outcome.get());
                            writeEnded();
                        });
    }

    /**
     * Takes what waits behind {@code first}, up to what one write may carry and the segment can
     * hold.
     */
    private SegmentWrite gather(AppendRequest first) {
        int room = first.isAtomic() ? SegmentWrite.ENTRIES_MAX : room();
        var write = new SegmentWrite(segment.id(), producers, room);
        write.add(first);
        AppendRequest next;
        while ((next = queue.peek()) != null && write.takes(next)) {
            write.add(queue.poll());
        }
        return write;
    }

    private int room() {
        return (int)
                Math.min(SegmentWrite.ENTRIES_MAX, options.segmentEntriesMax() - written.get());
    }

    private void write(SegmentWrite write) {
        List<ByteBuffer> entries = write.entries();
        written.addAndGet(entries.size());
        writtenBytes.addAndGet(write.bytes());
        writeStarted();
        told =
                told.thenCombine(append(entries).handle(Result::new), (before, result) -> result)
                        .thenCompose(result -> settle(write, result))
                        .thenRun(this::writeEnded);
    }

    /** What the engine said: the first offset, or why not. */
    private record Result(Long firstOffset, Throwable failure) {}

    /** An entry is acknowledged when enough copies are durable, of which this log is one. */
    private CompletionStage<Void> settle(SegmentWrite write, Result result) {
        if (result.failure() != null) {
            giveUp(write, StorageFailures.outcomeOf(result.failure()));
            return CompletableFuture.completedFuture(null);
        }
        long end = result.firstOffset() + write.size();
        quorum.ownDurable(end);
        return quorum.reached(end).thenRun(() -> acknowledge(write, result.firstOffset()));
    }

    private CompletionStage<Long> append(List<ByteBuffer> entries) {
        try {
            return wal.appendBatchAsync(stream, entries);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private void giveUp(SegmentWrite write, AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Refused) {
            written.addAndGet(-write.size());
            writtenBytes.addAndGet(-write.bytes());
            write.undo();
        }
        write.fail(outcome);
    }

    /** The one home of the ack: durable on enough copies as promised, and still ours. */
    private void acknowledge(SegmentWrite write, long firstOffset) {
        write.stored(firstOffset);
        if (!gate.mayWrite(segment.id(), epoch)) {
            write.fail(new Unknown("the lease ran out between the write and its ack"));
            return;
        }
        acked.accumulateAndGet(firstOffset + write.size(), Math::max);
        write.succeed(firstOffset);
        whenAcked.run();
    }

    private synchronized void writeStarted() {
        writesInFlight++;
    }

    private void writeEnded() {
        synchronized (this) {
            writesInFlight--;
        }
        reportDrained();
    }

    private void reportDrained() {
        if (!stopped || drained.isDone()) {
            return;
        }
        boolean quiet;
        synchronized (this) {
            quiet = writesInFlight == 0 && !draining.get() && queue.isEmpty();
        }
        if (quiet) {
            drained.complete(null);
        }
    }
}
