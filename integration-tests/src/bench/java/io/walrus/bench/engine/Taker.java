package io.walrus.bench.engine;

import java.io.IOException;

/** The consuming end of one topic: what it hands out, it does not hand out again. */
@FunctionalInterface
public interface Taker {
    /** Consumes the next entry or run of entries, and returns how many; 0 at the end. */
    int take(Visitor visitor) throws IOException;
}
