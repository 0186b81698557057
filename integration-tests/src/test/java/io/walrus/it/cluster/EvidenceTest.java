package io.walrus.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who looks into a failed test finds more than its message. */
class EvidenceTest {

    @TempDir private Path dir;

    @Test
    void aTestThatFailsKeepsWhatItsNodesSaidAndWhatTheirThreadsDid() throws IOException {
        try (HurtCluster cluster = HurtCluster.start(1, dir, Map.of())) {
            cluster.pause(1);
        }
        assertThat(dir.resolve("node1.out")).content().contains("clients", "Full thread dump");
        assertThat(dir.resolve("data1")).isNotEmptyDirectory();
    }

    @Test
    void aTestThatPassesKeepsNothing() throws IOException {
        try (HurtCluster cluster = HurtCluster.start(1, dir, Map.of())) {
            cluster.passed();
        }
        assertThat(dir.resolve("node1.out")).doesNotExist();
    }
}
