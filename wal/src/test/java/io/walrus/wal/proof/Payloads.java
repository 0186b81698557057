package io.walrus.wal.proof;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Payloads that say whose they are: topic, life of the topic, sequence, then filler and checksum.
 */
final class Payloads {

    private static final int HEADER_BYTES = 24;
    private static final int SIZE_AT = 20;
    private static final int TAG = 0x50524f46;

    private Payloads() {}

    /** The topic of the first payload that is whole in these bytes, or -1. */
    static int ownerOf(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int at = 0; at + HEADER_BYTES <= bytes.length; at += 4) {
            if (buffer.getInt(at) == TAG && isWhole(buffer, at)) {
                return buffer.getInt(at + 4);
            }
        }
        return -1;
    }

    /** Shorter ones end before they say whose they are, and rotten ones say anything. */
    private static boolean isWhole(ByteBuffer buffer, int at) {
        int size = buffer.getInt(at + SIZE_AT);
        if (size < HEADER_BYTES + 4 || buffer.limit() - at < size) {
            return false;
        }
        var crc = new CRC32C();
        crc.update(buffer.slice(at, size - 4));
        return buffer.getInt(at + size - 4) == (int) crc.getValue();
    }

    /** The one payload of that size for that place; no two places share one of 24 bytes or more. */
    static byte[] of(int topic, int life, long sequence, int size) {
        var bytes = ByteBuffer.allocate(Math.max(size, HEADER_BYTES));
        bytes.putInt(TAG).putInt(topic).putInt(life).putLong(sequence).putInt(size);
        long filler = mix(sequence * 31 + topic * 7L + life);
        boolean looksLikeFrames = filler % 5 == 0;
        while (bytes.remaining() >= 8) {
            filler = mix(filler);
            bytes.putLong(looksLikeFrames ? 0x57_46_52_4d_4d_52_46_57L : filler);
        }
        while (bytes.hasRemaining()) {
            bytes.put((byte) (filler >>>= 3));
        }
        if (size >= HEADER_BYTES + 4) {
            var crc = new CRC32C();
            crc.update(bytes.array(), 0, size - 4);
            bytes.putInt(size - 4, (int) crc.getValue());
        }
        return size == bytes.capacity() ? bytes.array() : Arrays.copyOf(bytes.array(), size);
    }

    /** Whose a payload is, for a person. */
    static String describe(byte[] payload) {
        if (payload.length < HEADER_BYTES || ByteBuffer.wrap(payload).getInt() != TAG) {
            return payload.length + " bytes that no one appended, or too few to tell";
        }
        ByteBuffer header = ByteBuffer.wrap(payload, 4, HEADER_BYTES - 4);
        return "topic %d, life %d, sequence %d, size %d (found %d)"
                .formatted(
                        header.getInt(),
                        header.getInt(),
                        header.getLong(),
                        header.getInt(),
                        payload.length);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
