package io.walrus.it.cluster;

import io.walrus.it.process.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a client with patience cannot write: it tries every node in turn, and remembers
 * the longest time between two acknowledged appends to a topic.
 */
final class WritePause {

    private static final int REPLY_MILLIS_MAX = 1_000;
    private static final long LOOK_NANOS = 10_000_000L;

    private final HurtCluster cluster;
    private final MixLoad load;
    private final List<Thread> watchers;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile long longestNanos;

    WritePause(HurtCluster cluster, MixLoad load, List<String> topics) {
        this.cluster = cluster;
        this.load = load;
        this.watchers =
                topics.stream()
                        .map(topic -> new Thread(() -> watch(topic), "write-pause-" + topic))
                        .toList();
    }

    void start() {
        watchers.forEach(Thread::start);
    }

    private void watch(String topic) {
        int client = load.newClient();
        long lastNanos = System.nanoTime();
        int turn = 0;
        while (!ended.get()) {
            List<Integer> ids = cluster.ids();
            int node = ids.get(turn++ % ids.size());
            try (var wire = new Wire(cluster.clientPort(node), REPLY_MILLIS_MAX)) {
                while (!ended.get() && load.put(wire, client, node, topic, true)) {
                    lastNanos = noted(lastNanos);
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            } catch (IOException broken) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        noted(lastNanos);
    }

    private synchronized long noted(long lastNanos) {
        long nowNanos = System.nanoTime();
        longestNanos = Math.max(longestNanos, nowNanos - lastNanos);
        return nowNanos;
    }

    /** In milliseconds; includes the patience with a node that does not answer, one second. */
    long end() {
        ended.set(true);
        for (Thread watcher : watchers) {
            try {
                watcher.join(10_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return longestNanos / 1_000_000;
    }
}
