package io.walrus.it.disk;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** The one payload that a place of a topic may hold. */
final class Payload {

    private Payload() {}

    static byte[] of(int topic, long offset) {
        var filler = new SplittableRandom(topic * 1_000_003L + offset);
        var bytes = new byte[16 + filler.nextInt(900)];
        filler.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putInt(topic).putLong(offset);
        return bytes;
    }
}
