package io.walrus.cli;

import io.walrus.cli.load.LatencyBucket;
import java.util.List;

/** Latencies to look at: a bar for each bucket, as long as its share of the fullest one. */
final class LatencyChart {

    private static final int CELLS_MAX = 40;
    private static final int PARTS = 8;
    private static final double NANOS_PER_MILLI = 1e6;

    /** A block that is full to one eighth, two eighths, and so on. */
    private static final String BLOCKS = "\u258F\u258E\u258D\u258C\u258B\u258A\u2589\u2588";

    private final List<LatencyBucket> buckets;
    private final boolean hasBlocks;

    /**
     * @param hasBlocks whether who reads this shows Unicode's blocks; else the bars are plain ASCII
     */
    LatencyChart(List<LatencyBucket> buckets, boolean hasBlocks) {
        this.buckets = buckets;
        this.hasBlocks = hasBlocks;
    }

    /** The chart, without a newline at the end; empty if there is nothing to show. */
    String text() {
        long all = buckets.stream().mapToLong(LatencyBucket::count).sum();
        long fullest = buckets.stream().mapToLong(LatencyBucket::count).max().orElse(0);
        if (fullest == 0) {
            return "";
        }
        TextTable table =
                new TextTable().numbers("UP TO ms").numbers("REQUESTS").numbers("%").words("");
        for (LatencyBucket bucket : buckets) {
            table.row(
                    "%s".formatted(millis(bucket.upToNanos())),
                    "%,d".formatted(bucket.count()),
                    "%.2f".formatted(100.0 * bucket.count() / all),
                    bar(bucket.count(), fullest));
        }
        return table.text();
    }

    private static String millis(long nanos) {
        double millis = nanos / NANOS_PER_MILLI;
        return millis == Math.rint(millis) ? "%,d".formatted((long) millis) : millis + "";
    }

    /** What is there is seen, however little it is. */
    private String bar(long count, long fullest) {
        if (!hasBlocks) {
            return "#".repeat((int) Math.ceil((double) count * CELLS_MAX / fullest));
        }
        int parts = (int) Math.ceil((double) count * CELLS_MAX * PARTS / fullest);
        String full = BLOCKS.substring(PARTS - 1).repeat(parts / PARTS);
        return parts % PARTS == 0 ? full : full + BLOCKS.charAt(parts % PARTS - 1);
    }
}
