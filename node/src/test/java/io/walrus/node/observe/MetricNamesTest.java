package io.walrus.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The declared metrics are the served ones and the documented ones. */
class MetricNamesTest {

    @Test
    void thePageOfMetricsShowsEveryMetricAsDeclared() throws IOException {
        Path page = Path.of(System.getProperty("walrus.root", ".."), "node", "docs", "metrics.md");
        assertThat(Files.readString(page)).contains(MetricName.table());
    }

    @Test
    void whatIsServedIsWhatIsDeclared() {
        var metrics = new NodeMetrics(new FakeVitals(), new EventLog(() -> 0));
        Map<String, String> served = new HashMap<>();
        Pattern.compile("# TYPE (walrus_\\S+) (\\S+)")
                .matcher(
                        metrics.page(
                                java.util.List.of(new CursorLag("t", CursorLag.SHARED, 1, 0, 7))))
                .results()
                .forEach(type -> served.put(type.group(1), type.group(2)));
        Map<String, String> declared = new HashMap<>();
        for (MetricName metric : MetricName.values()) {
            declared.put(metric.exposed(), metric.type.name().toLowerCase(Locale.ROOT));
        }
        // Micrometer tells the greatest time of the last minutes beside each histogram.
        served.keySet().removeIf(name -> name.endsWith("_seconds_max"));
        assertThat(served).isEqualTo(declared);
    }
}
