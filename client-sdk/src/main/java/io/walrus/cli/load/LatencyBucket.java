package io.walrus.cli.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How many requests took longer than one time and not longer than another. The limits go 1, 2, 5,
 * 10 and so on, so that a bucket is about twice as wide as the one before it.
 *
 * @param aboveNanos exclusive
 * @param upToNanos inclusive
 */
public record LatencyBucket(long aboveNanos, long upToNanos, long count) {

    private static final long FIRST_NANOS = 1_000;

    /** From the first bucket that has something to the last one; those between may have nothing. */
    static List<LatencyBucket> of(Histogram latencies) {
        var buckets = new ArrayList<LatencyBucket>();
        long above = 0;
        long upTo = FIRST_NANOS;
        long count = 0;
        for (HistogramIterationValue value : latencies.recordedValues()) {
            while (value.getValueIteratedTo() > upTo) {
                add(buckets, new LatencyBucket(above, upTo, count));
                above = upTo;
                upTo = next(upTo);
                count = 0;
            }
            count += value.getCountAtValueIteratedTo();
        }
        add(buckets, new LatencyBucket(above, upTo, count));
        return buckets;
    }

    private static void add(List<LatencyBucket> buckets, LatencyBucket bucket) {
        if (!buckets.isEmpty() || bucket.count > 0) {
            buckets.add(bucket);
        }
    }

    /** 1, 2, 5, 10, 20, 50, 100. */
    private static long next(long limit) {
        long power = 1;
        while (power * 10 <= limit) {
            power *= 10;
        }
        return limit / power == 2 ? power * 5 : limit * 2;
    }
}
