package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches that name their segment, or are sent on by a node that does not lead it. */
class ForwardedBatchTest {

    private static final String TWO = " 2 \1\0\0\0a\1\0\0\0b";

    @TempDir private Path dir;

    @Test
    void aBatchThatNamesASegmentGoesThereOrNowhere() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            assertThat(client.ask("BATCHTO events 1" + TWO)).isEqualTo("OK 1 0");
            assertThat(client.ask("ROLL events")).isEqualTo("OK");
            assertThat(client.ask("BATCHTO events 1" + TWO)).startsWith("ERR NO_LEADER ");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> client.ask("BATCHTO events 2" + TWO).equals("OK 2 0"));
            assertThat(client.ask("STATE events")).contains("\"sealed_segments\":{\"1\":2}");
        }
    }

    @Test
    void aBatchReachesItsLeaderThroughAnyNode() {
        try (ThreeNodes three = ThreeNodes.start(dir)) {
            try (RawClient one = three.connect(1)) {
                one.ask("REGISTER events");
            }
            for (int id = 1; id <= 3; id++) {
                try (RawClient client = three.connect(id)) {
                    assertThat(client.ask("APPENDB events" + TWO))
                            .isEqualTo("OK 1 " + 2 * (id - 1));
                }
            }
        }
    }
}
