package io.walrus.wal;

import io.walrus.wal.format.FrameFormat;
import java.nio.ByteBuffer;
import java.util.List;

/** What one append puts into one frame. Does not move the position of a caller's buffer. */
sealed interface FrameBody {

    int count();

    int flags();

    /** Bytes of the body in the frame. */
    int bytes();

    /** Bytes of the payloads alone. */
    long payloadBytes();

    /** Writes the body from an index on. */
    void put(ByteBuffer to, int at);

    /**
     * One entry, in an array or a buffer. Each thread uses its own again and again, so that an
     * append allocates none; it holds a payload for the time of one append.
     */
    final class One implements FrameBody {

        private byte[] array;
        private ByteBuffer buffer;

        One holding(byte[] payload) {
            array = payload;
            return this;
        }

        One holding(ByteBuffer payload) {
            buffer = payload;
            return this;
        }

        void letGo() {
            array = null;
            buffer = null;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public int flags() {
            return 0;
        }

        @Override
        public int bytes() {
            return array != null ? array.length : buffer.remaining();
        }

        @Override
        public long payloadBytes() {
            return bytes();
        }

        @Override
        public void put(ByteBuffer to, int at) {
            if (array != null) {
                to.put(at, array);
            } else {
                to.put(at, buffer, buffer.position(), buffer.remaining());
            }
        }
    }

    /** Lengths first, so that any payload is found without walking the others' bytes. */
    record Batch(List<ByteBuffer> payloads, int bytes) implements FrameBody {

        @Override
        public int count() {
            return payloads.size();
        }

        @Override
        public int flags() {
            return FrameFormat.FLAG_BATCH;
        }

        @Override
        public long payloadBytes() {
            return bytes - FrameFormat.LENGTH_BYTES * (long) payloads.size();
        }

        @Override
        public void put(ByteBuffer to, int at) {
            int lengthAt = at;
            int payloadAt = at + FrameFormat.LENGTH_BYTES * payloads.size();
            for (ByteBuffer payload : payloads) {
                int length = payload.remaining();
                to.putInt(lengthAt, length);
                to.put(payloadAt, payload, payload.position(), length);
                lengthAt += FrameFormat.LENGTH_BYTES;
                payloadAt += length;
            }
        }
    }
}
