package io.walrus.node.storage;

import io.walrus.wal.Entry;
import java.nio.ByteBuffer;

/**
 * What the log keeps in front of a payload, so that a segment can say for ever whose entry it is.
 *
 * <pre>
 *  0      1                9                17
 *  +------+----------------+----------------+---------+
 *  | kind | producer (i64) | sequence (i64) | payload |   big-endian; kind 1
 *  +------+----------------+----------------+---------+
 *  | kind | payload |                                     kind 0: nobody's
 *  +------+---------+
 * </pre>
 *
 * A payload that comes in a buffer with enough room in front of its position is not copied.
 */
final class Envelope {

    /** The longest one, in bytes. */
    static final int BYTES_MAX = 17;

    private static final int KIND_BYTES = 1;
    private static final byte PLAIN = 0;
    private static final byte NUMBERED = 1;

    private Envelope() {}

    static ByteBuffer wrap(ByteBuffer payload, ProducerMark mark) {
        int head = mark.isNone() ? KIND_BYTES : BYTES_MAX;
        ByteBuffer wrapped = withRoom(payload, head);
        int at = wrapped.position();
        if (mark.isNone()) {
            wrapped.put(at, PLAIN);
        } else {
            wrapped.put(at, NUMBERED)
                    .putLong(at + KIND_BYTES, mark.producer())
                    .putLong(at + KIND_BYTES + Long.BYTES, mark.sequence());
        }
        return wrapped;
    }

    private static ByteBuffer withRoom(ByteBuffer payload, int head) {
        ByteBuffer same = payload.duplicate();
        if (!payload.isReadOnly() && payload.position() >= head) {
            return same.position(payload.position() - head);
        }
        return ByteBuffer.allocate(head + payload.remaining())
                .put(head, same, same.position(), same.remaining());
    }

    /** The entry as it was appended. */
    static Entry open(Entry stored) {
        ByteBuffer bytes = stored.payload().duplicate();
        bytes.position(kind(stored) == PLAIN ? KIND_BYTES : BYTES_MAX);
        return new Entry(stored.offset(), stored.timestampMillis(), bytes.slice());
    }

    static ProducerMark markOf(Entry stored) {
        ByteBuffer bytes = stored.payload();
        return kind(stored) == PLAIN
                ? ProducerMark.NONE
                : new ProducerMark(
                        bytes.getLong(KIND_BYTES), bytes.getLong(KIND_BYTES + Long.BYTES));
    }

    private static byte kind(Entry stored) {
        ByteBuffer bytes = stored.payload();
        byte kind = bytes.hasRemaining() ? bytes.get(0) : -1;
        if (kind == PLAIN || kind == NUMBERED && bytes.remaining() >= BYTES_MAX) {
            return kind;
        }
        throw new IllegalStateException(
                "expected an entry of kind 0 or 1 at offset %d, found kind %d in %d bytes; a newer version wrote it"
                        .formatted(stored.offset(), kind, bytes.remaining()));
    }
}
