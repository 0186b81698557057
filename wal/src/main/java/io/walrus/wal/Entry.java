package io.walrus.wal;

import java.nio.ByteBuffer;

/**
 * One entry as it was appended.
 *
 * @param offset its place in the topic, 0-based, dense
 * @param timestampMillis wall-clock time of its append, milliseconds since 1970; entries of one
 *     batch share it
 * @param payload its bytes, read-only, from position 0 to its limit; may be a view that stays valid
 *     after the log is closed
 */
public record Entry(long offset, long timestampMillis, ByteBuffer payload) {

    /** A copy of the payload. */
    public byte[] bytes() {
        var bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    /** Shows the place and the size, never the payload. */
    @Override
    public String toString() {
        return "entry " + offset + " (" + payload.remaining() + " bytes)";
    }
}
