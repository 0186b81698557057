package io.walrus.node.routing;

import io.vertx.core.buffer.Buffer;
import io.walrus.node.storage.SegmentStore;
import io.walrus.wal.Entry;
import java.nio.ByteBuffer;
import java.util.List;

/** An entry's bytes as the wire wants them, and as the log does. */
public final class Payloads {

    private Payloads() {}

    /** A copy of an entry's bytes, with room in front for what the log keeps with them. */
    public static ByteBuffer copyOf(Buffer payload) {
        var bytes = new byte[SegmentStore.HEADROOM_BYTES + payload.length()];
        payload.getBytes(0, payload.length(), bytes, SegmentStore.HEADROOM_BYTES);
        return ByteBuffer.wrap(
                bytes, SegmentStore.HEADROOM_BYTES, bytes.length - SegmentStore.HEADROOM_BYTES);
    }

    static List<Buffer> of(List<Entry> entries) {
        return entries.stream().map(Payloads::of).toList();
    }

    static Buffer of(Entry entry) {
        var bytes = new byte[entry.payload().remaining()];
        entry.payload().duplicate().get(bytes);
        return Buffer.buffer(bytes);
    }
}
