package io.walrus.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Percentiles of one stretch of time. */
class LatencyCountsTest {

    @Test
    void aPercentileIsRightToAboutAFifth() {
        var counts = new LatencyCounts();
        for (int i = 1; i <= 1_000; i++) {
            counts.record(i * 1_000L);
        }
        LatencyCounts.Window window = counts.window();
        assertThat(window.perMille(500)).isBetween(500_000L, 625_000L);
        assertThat(window.perMille(990)).isBetween(990_000L, 1_240_000L);
        assertThat(counts.window().perMille(990)).isZero();
    }

    @Test
    void everyDurationIsInABucketThatHoldsIt() {
        for (long nanos = 1; nanos > 0 && nanos < Long.MAX_VALUE / 3; nanos = nanos * 3 / 2 + 1) {
            assertThat(LatencyCounts.upperBound(LatencyCounts.bucketOf(nanos)))
                    .isGreaterThanOrEqualTo(nanos)
                    .isLessThanOrEqualTo(Math.max(3, nanos * 3 / 2));
        }
    }
}
