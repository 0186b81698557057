package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.cli.load.LatencyBucket;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyChartTest {

    private static final List<LatencyBucket> BUCKETS =
            List.of(
                    new LatencyBucket(50_000, 100_000, 500),
                    new LatencyBucket(100_000, 200_000, 1_000),
                    new LatencyBucket(200_000, 500_000, 0),
                    new LatencyBucket(500_000, 1_000_000, 1));

    @Test
    void barsAreAsLongAsTheirShareOfTheFullestAndAnythingIsSeen() {
        assertThat(new LatencyChart(BUCKETS, false).text())
                .isEqualTo(
                        """
                        UP TO ms  REQUESTS      %
                             0.1       500  33.31  ####################
                             0.2     1,000  66.62  ########################################
                             0.5         0   0.00
                               1         1   0.07  #""");
    }

    @Test
    void aTerminalThatCanGetsBlocksDownToAnEighth() {
        assertThat(new LatencyChart(BUCKETS, true).text().lines())
                .anySatisfy(line -> assertThat(line).endsWith("\u2588".repeat(40)))
                .anySatisfy(line -> assertThat(line).endsWith("0.07  \u258F"))
                .noneSatisfy(line -> assertThat(line).contains("#"));
    }

    @Test
    void withoutAnAnswerThereIsNoChart() {
        assertThat(new LatencyChart(List.of(), true).text()).isEmpty();
    }
}
