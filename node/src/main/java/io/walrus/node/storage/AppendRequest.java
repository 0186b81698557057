package io.walrus.node.storage;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Entries that travel together: what one socket read brought for one topic, in order.
 *
 * @param payloads the entries; the buffers must not change until {@code whenDone} was called
 * @param bytes the sum of the payloads' lengths, in bytes
 * @param mark whose entries these are, if they are numbered
 * @param isAtomic all of them in one segment and next to each other, or none
 * @param turn what keeps these in order with others of their sender
 * @param whenDone called exactly once, on a storage or engine thread; must not block or throw
 */
public record AppendRequest(
        List<ByteBuffer> payloads,
        long bytes,
        ProducerMark mark,
        boolean isAtomic,
        AppendTurn turn,
        Consumer<AppendOutcome> whenDone) {

    /** Entries that may be split where a segment is full. */
    public static AppendRequest of(
            List<ByteBuffer> payloads, AppendTurn turn, Consumer<AppendOutcome> whenDone) {
        return new AppendRequest(
                payloads, bytesOf(payloads), ProducerMark.NONE, false, turn, whenDone);
    }

    /** Entries that stay together. */
    public static AppendRequest atomic(
            List<ByteBuffer> payloads, AppendTurn turn, Consumer<AppendOutcome> whenDone) {
        return new AppendRequest(
                payloads, bytesOf(payloads), ProducerMark.NONE, true, turn, whenDone);
    }

    /** The same entries, numbered: those that the segment has already are not written again. */
    public AppendRequest numbered(ProducerMark first) {
        return new AppendRequest(payloads, bytes, first, isAtomic, turn, whenDone);
    }

    private static long bytesOf(List<ByteBuffer> payloads) {
        long bytes = 0;
        for (ByteBuffer payload : payloads) {
            bytes += payload.remaining();
        }
        return bytes;
    }
}
