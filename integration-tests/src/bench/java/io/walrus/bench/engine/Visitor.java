package io.walrus.bench.engine;

import java.nio.ByteBuffer;

/** Sees entries one after the other; the buffer is valid only during the call and may be consumed. */
@FunctionalInterface
public interface Visitor {
    void see(ByteBuffer payload);
}
