package io.walrus.bench.engine;

import java.io.Closeable;
import java.io.IOException;

/** The writing end of one topic. Threads: one caller; acknowledgements may come from any thread. */
public interface Lane extends Closeable {
    /** Appends one entry and returns when the durability that the engine was opened with holds. */
    void append(byte[] payload) throws IOException;

    /** Appends one entry without waiting; {@code acked} runs once the durability holds, on a thread of the engine. */
    default void appendAsync(byte[] payload, Ack acked) throws IOException {
        throw new CannotHere(getClass().getSimpleName() + " appends only one by one");
    }

    @Override
    default void close() throws IOException {}

    /** What becomes of an append in flight. */
    @FunctionalInterface
    interface Ack {
        /** Called once; {@code failure} is null when the entry is safe. Must not block. */
        void done(Throwable failure);
    }
}
