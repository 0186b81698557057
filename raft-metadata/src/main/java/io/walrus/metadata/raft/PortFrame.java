package io.walrus.metadata.raft;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * One message on the metadata port. Big-endian.
 *
 * <pre>
 * 0        4      5         13       15
 * | length | kind | call id | name…  | body
 *          length: bytes behind it · name: u16 length, then ASCII · body: the rest
 * </pre>
 *
 * @param kind {@link #REQUEST}, {@link #REPLY} or {@link #FAILURE}
 * @param callId what ties a reply to its request, unique on one connection
 * @param name what is asked, or the type of the answer
 * @param body its bytes; UTF-8 text of a failure
 */
record PortFrame(byte kind, long callId, String name, byte[] body) {
    static final byte REQUEST = 1;
    static final byte REPLY = 2;
    static final byte FAILURE = 3;

    /** Longest frame of a member; snapshots and batches come in pieces far below. */
    static final int BYTES_MAX = 16 << 20;

    /** Longest frame of somebody who has not proved to be a member yet. */
    static final int HELLO_BYTES_MAX = 4 << 10;

    private static final int FIXED_BYTES = 11;

    Buffer encoded() {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        int length = Math.addExact(FIXED_BYTES + ascii.length, body.length);
        if (length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a message is at most "
                            + BYTES_MAX
                            + " bytes, found "
                            + length
                            + " of "
                            + name);
        }
        return Buffer.buffer(4 + length)
                .appendInt(length)
                .appendByte(kind)
                .appendLong(callId)
                .appendUnsignedShort(ascii.length)
                .appendBytes(ascii)
                .appendBytes(body);
    }

    static PortFrame failure(long callId, String message) {
        return new PortFrame(FAILURE, callId, "", message.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Cuts a stream of bytes into frames. One connection, one thread. */
    static final class Parser {
        private Buffer pending = Buffer.buffer();

        /** Bytes that came in; then call {@link #next(int)} until it returns null. */
        void add(Buffer bytes) {
            pending = pending.length() == 0 ? bytes : pending.appendBuffer(bytes);
        }

        /** The next whole frame, or null. Checks the length before anything is allocated for it. */
        PortFrame next(int bytesMax) {
            if (pending.length() < 4) {
                return null;
            }
            int length = pending.getInt(0);
            if (length < FIXED_BYTES || length > bytesMax) {
                throw new IllegalArgumentException(
                        "expected a message of "
                                + FIXED_BYTES
                                + " to "
                                + bytesMax
                                + " bytes, found "
                                + length);
            }
            if (pending.length() < 4 + length) {
                return null;
            }
            int nameLength = pending.getUnsignedShort(13);
            if (FIXED_BYTES + nameLength > length) {
                throw new IllegalArgumentException(
                        "expected a name, found " + nameLength + " bytes");
            }
            int bodyAt = 15 + nameLength;
            PortFrame frame =
                    new PortFrame(
                            pending.getByte(4),
                            pending.getLong(5),
                            pending.getString(15, bodyAt, "US-ASCII"),
                            pending.getBytes(bodyAt, 4 + length));
            pending =
                    pending.length() == 4 + length
                            ? Buffer.buffer()
                            : pending.getBuffer(4 + length, pending.length());
            return frame;
        }
    }
}
