package io.walrus.node.routing;

import io.walrus.metadata.ReadRule;

/**
 * Settings of the routing room.
 *
 * @param rpcTimeoutMillis how long a request may wait for a leader before it is refused
 * @param leaseSyncMillis how often the lease and the waiting requests are looked at
 * @param monitorMillis how often the rollover monitor looks at every open segment; at least 10
 * @param topicsMax topics of the cluster beyond which no further one is created here
 * @param reads what shared cursors promise whose topic does not say
 */
public record RoutingOptions(
        long rpcTimeoutMillis,
        long leaseSyncMillis,
        long monitorMillis,
        int topicsMax,
        ReadRule reads) {

    public RoutingOptions {
        if (rpcTimeoutMillis < 1 || leaseSyncMillis < 1) {
            throw new IllegalArgumentException(
                    "expected time-outs of at least 1 ms, got "
                            + rpcTimeoutMillis
                            + " and "
                            + leaseSyncMillis);
        }
        if (topicsMax < 1) {
            throw new IllegalArgumentException("expected at least 1 topic, got " + topicsMax);
        }
        if (monitorMillis < 10) {
            throw new IllegalArgumentException(
                    "expected the monitor to look every 10 ms at most, got " + monitorMillis);
        }
    }
}
