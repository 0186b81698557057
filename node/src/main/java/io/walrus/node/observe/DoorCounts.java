package io.walrus.node.observe;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happens at one of a node's ports: who is in, who was one too many, who was too slow.
 *
 * <p>Any thread may count and read; counting takes no lock.
 */
public final class DoorCounts {

    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final LongAdder late = new LongAdder();

    /** A connection is there. */
    public void opened() {
        open.incrementAndGet();
    }

    /** A connection is gone. */
    public void closed() {
        open.decrementAndGet();
    }

    /** A connection was one too many. */
    public void refused() {
        refused.increment();
    }

    /** A connection was closed because it took too long. */
    public void late() {
        late.increment();
    }

    /** Connections that are there at this moment, those that are being refused included. */
    public int open() {
        return open.get();
    }

    long refusals() {
        return refused.sum();
    }

    long lateOnes() {
        return late.sum();
    }
}
