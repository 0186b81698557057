package io.walrus.node.observe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One reading a second, five minutes of them: what the charts show. The lock guards the list. */
final class Pulse {

    static final int BEATS_MAX = 300;

    /**
     * One reading.
     *
     * @param millis wall-clock time
     * @param entries acknowledged a second
     * @param bytes acknowledged a second
     * @param appendP50 in microseconds, as the other three; 0: nothing came
     */
    record Beat(
            long millis,
            long entries,
            long bytes,
            long appendP50,
            long appendP99,
            long syncP50,
            long syncP99) {}

    private final NodeMetrics metrics;
    private final Deque<Beat> beats = new ArrayDeque<>();
    private long entries;
    private long bytes;

    Pulse(NodeMetrics metrics) {
        this.metrics = metrics;
    }

    /** Takes a reading; call it once a second. */
    synchronized Beat beat(long wallMillis) {
        LatencyCounts.Window append = metrics.appendTimes().window();
        LatencyCounts.Window sync = metrics.syncTimes().window();
        var beat =
                new Beat(
                        wallMillis,
                        metrics.entries() - entries,
                        metrics.bytes() - bytes,
                        append.perMille(500) / 1_000,
                        append.perMille(990) / 1_000,
                        sync.perMille(500) / 1_000,
                        sync.perMille(990) / 1_000);
        entries += beat.entries();
        bytes += beat.bytes();
        beats.addLast(beat);
        if (beats.size() > BEATS_MAX) {
            beats.removeFirst();
        }
        return beat;
    }

    synchronized List<Beat> beats() {
        return List.copyOf(beats);
    }
}
