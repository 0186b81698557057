package io.walrus.cli.load;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How a load went: counts of entries, and latencies of requests that were answered. */
public final class LoadReport {

    private final long entries;
    private final long bytes;
    private final long failures;
    private final long nanos;
    private final Histogram latencies;
    private final Throwable lastFailure;

    private LoadReport(List<SessionVerticle> sessions) {
        entries = sessions.stream().mapToLong(SessionVerticle::entries).sum();
        bytes = sessions.stream().mapToLong(SessionVerticle::bytes).sum();
        failures = sessions.stream().mapToLong(SessionVerticle::failures).sum();
        long start = sessions.get(0).startNanos();
        nanos =
                sessions.stream()
                        .mapToLong(session -> session.lastAnswerNanos() - start)
                        .max()
                        .orElse(0);
        latencies = new Histogram(sessions.get(0).latencies());
        latencies.reset();
        sessions.forEach(session -> latencies.add(session.latencies()));
        lastFailure =
                sessions.stream()
                        .map(SessionVerticle::lastFailure)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    static LoadReport of(List<SessionVerticle> sessions) {
        return new LoadReport(sessions);
    }

    /** How many entries were answered. */
    public long entries() {
        return entries;
    }

    /** Their payload bytes. */
    public long bytes() {
        return bytes;
    }

    /** How many requests failed. */
    public long failures() {
        return failures;
    }

    /** From the first request to the last answer, in seconds. */
    public double seconds() {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Entries a second. */
    public double rate() {
        return nanos <= 0 ? 0 : entries / seconds();
    }

    /** The latency that so many percent of the requests did not exceed, in milliseconds. */
    public double millisAt(double percentile) {
        return latencies.getValueAtPercentile(percentile)
                / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /** The latencies in buckets, shortest first; all of them together are all answered requests. */
    public List<LatencyBucket> latencies() {
        return LatencyBucket.of(latencies);
    }

    /** What one of the failed requests failed with. */
    public Optional<Throwable> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }
}
