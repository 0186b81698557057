package io.walrus.node.storage;

import io.walrus.metadata.SegmentId;
import io.walrus.node.storage.AppendOutcome.Appended;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that become one write of the engine. The last one may be cut where the segment is full.
 *
 * <p>Filled by the storage worker that drains the segment's queue; its outcome is told once, on an
 * engine thread, after that.
 */
final class SegmentWrite {

    /** One write carries at most this many entries, which is the engine's own limit of a batch. */
    static final int ENTRIES_MAX = 2_000;

    static final long BYTES_MAX = 8L << 20;

    private final SegmentId segment;
    private final ProducerTable producers;
    private final int room;
    private final List<AppendRequest> requests = new ArrayList<>();

    /** Of each request, null where its entries are not numbered. */
    private final List<ProducerTable.Run> runs = new ArrayList<>();

    private int size;
    private long bytes;

    /**
     * @param room entries that this write may carry
     */
    SegmentWrite(SegmentId segment, ProducerTable producers, int room) {
        this.segment = segment;
        this.producers = producers;
        this.room = room;
    }

    /** How many entries it carries. */
    int size() {
        return size;
    }

    /** The bytes of all payloads that were offered, those behind the cut included. */
    long bytes() {
        return bytes;
    }

    boolean takes(AppendRequest next) {
        return size < room
                && !next.turn().isTurnedBack()
                && producers.isNext(next.mark())
                && !(next.isAtomic() && size + next.payloads().size() > room)
                && size + next.payloads().size() <= ENTRIES_MAX
                && bytes + next.bytes() <= BYTES_MAX;
    }

    void add(AppendRequest request) {
        int count = Math.min(room - size, request.payloads().size());
        ProducerMark mark = request.mark();
        requests.add(request);
        runs.add(mark.isNone() ? null : producers.begin(mark, count));
        size += count;
        bytes += request.bytes();
    }

    /** The entries as the log keeps them. */
    List<ByteBuffer> entries() {
        var all = new ArrayList<ByteBuffer>(size);
        for (AppendRequest request : requests) {
            int count = Math.min(room - all.size(), request.payloads().size());
            for (int i = 0; i < count; i++) {
                all.add(Envelope.wrap(request.payloads().get(i), request.mark().plus(i)));
            }
        }
        return all;
    }

    /** Its entries are in the log from this offset on, so that a repeat can be told where. */
    void stored(long firstOffset) {
        long next = firstOffset;
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i) != null) {
                producers.stored(runs.get(i), next);
            }
            next += requests.get(i).payloads().size();
        }
    }

    /** Nothing of it was written; all of it may come again. */
    void undo() {
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i) != null) {
                producers.undo(requests.get(i).mark(), runs.get(i));
            }
        }
    }

    void succeed(long firstOffset) {
        long next = firstOffset;
        int left = size;
        for (AppendRequest request : requests) {
            int count = Math.min(left, request.payloads().size());
            request.whenDone().accept(new Appended(segment, next, count));
            next += count;
            left -= count;
        }
    }

    void fail(AppendOutcome outcome) {
        requests.forEach(request -> request.whenDone().accept(outcome));
    }
}
