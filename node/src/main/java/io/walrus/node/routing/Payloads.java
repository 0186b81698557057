package io.walrus.node.routing;

import io.vertx.core.buffer.Buffer;
import io.walrus.wal.Entry;
import java.util.List;

/** An entry's bytes as the wire wants them. */
final class Payloads {

    private Payloads() {}

    static List<Buffer> of(List<Entry> entries) {
        return entries.stream().map(Payloads::of).toList();
    }

    static Buffer of(Entry entry) {
        var bytes = new byte[entry.payload().remaining()];
        entry.payload().duplicate().get(bytes);
        return Buffer.buffer(bytes);
    }
}
