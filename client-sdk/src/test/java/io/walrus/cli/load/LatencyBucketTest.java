package io.walrus.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyBucketTest {

    private final Histogram latencies = new Histogram(3_600_000_000_000L, 3);

    @Test
    void limitsGoOneTwoFiveTenAndEmptyOnesAtTheEndsAreLeftOut() {
        latencies.recordValue(3_000);
        latencies.recordValue(40_000);
        assertThat(LatencyBucket.of(latencies))
                .containsExactly(
                        new LatencyBucket(2_000, 5_000, 1),
                        new LatencyBucket(5_000, 10_000, 0),
                        new LatencyBucket(10_000, 20_000, 0),
                        new LatencyBucket(20_000, 50_000, 1));
    }

    @Test
    void everyRequestIsInExactlyOneBucketThatJoinsTheNext() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            latencies.recordValue((long) Math.exp(random.nextDouble() * 28));
        }
        var buckets = LatencyBucket.of(latencies);
        assertThat(buckets.stream().mapToLong(LatencyBucket::count).sum()).isEqualTo(10_000);
        for (int i = 1; i < buckets.size(); i++) {
            assertThat(buckets.get(i).aboveNanos()).isEqualTo(buckets.get(i - 1).upToNanos());
            assertThat(buckets.get(i).upToNanos()).isGreaterThan(buckets.get(i).aboveNanos());
        }
    }

    @Test
    void nothingMeasuredIsNoBucket() {
        assertThat(LatencyBucket.of(latencies)).isEmpty();
    }
}
