package io.walrus.bench.engine;

import java.io.Closeable;
import java.io.IOException;

/**
 * One storage engine under measurement, opened on an own directory.
 *
 * <p>Threads: {@link #lane} may be called from any thread, once per topic; {@link #close} after the last lane is done.
 */
public interface LogEngine extends Closeable {
    /** The writing end of one topic; used by one thread. */
    Lane lane(int topic) throws IOException;

    /** Shows every entry of the topic to the visitor, oldest first, and returns how many there were. */
    long scan(int topic, Visitor visitor) throws IOException;

    /** The consuming end of one topic, whose place survives a restart; used by one thread. */
    default Taker taker(int topic) throws IOException {
        throw new CannotHere(getClass().getSimpleName() + " has no consuming reads here");
    }

    /** Freezes a topic, where the engine knows such a thing. */
    default void seal(int topic) throws IOException {
        throw new CannotHere(getClass().getSimpleName() + " cannot seal");
    }

    /** How many topics the engine knows after opening. */
    default int topicCount() {
        throw new CannotHere(getClass().getSimpleName() + " does not count topics");
    }

    /** How many entries the topic has, without reading them where the engine can. */
    default long entryCount(int topic) throws IOException {
        return scan(topic, payload -> {});
    }
}
