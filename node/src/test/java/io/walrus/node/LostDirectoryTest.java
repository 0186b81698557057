package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose data directory is gone: it is a new store under an old number. */
class LostDirectoryTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path dir;

    private static JsonNode state(RawClient client, String topic) throws IOException {
        return JSON.readTree(client.ask("STATE " + topic));
    }

    /** A topic whose first segment, with three entries, is led by that node. */
    private static void topicLedBy(RawClient client, String topic, int node) throws IOException {
        client.ask("REGISTER " + topic);
        while (state(client, topic).get("leader_node").asInt() != node) {
            client.ask("PUT " + topic + " filler");
            client.ask("ROLL " + topic);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(client.ask("PUT " + topic + " " + i)).isEqualTo("OK");
        }
    }

    @Test
    void aWipedNodeNeverAnswersForWhatItHeldAndTakesNewSegments() throws IOException {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1)) {
            topicLedBy(one, "sealed", 2);
            int sealed = state(one, "sealed").get("current_segment").asInt();
            one.ask("ROLL sealed");
            topicLedBy(one, "open", 2);
            int open = state(one, "open").get("current_segment").asInt();

            three.wipe(2);
            three.startAgain(2);

            try (RawClient wiped = three.connect(2)) {
                for (RawClient client : new RawClient[] {one, wiped}) {
                    assertThat(client.ask("FETCH sealed " + sealed + " 0"))
                            .startsWith("ERR GONE ")
                            .contains("node 2");
                    assertThat(client.ask("READ sealed " + sealed + " 0 100"))
                            .startsWith("ERR GONE ");
                    assertThat(client.ask("FETCH open " + open + " 0")).startsWith("ERR GONE ");
                    JsonNode missing = state(client, "sealed").get("missing_segments");
                    assertThat(missing).extracting(JsonNode::asInt).contains(sealed);
                    assertThat(client.ask("PUT open again")).isEqualTo("OK");
                    assertThat(client.ask("PUT sealed again")).isEqualTo("OK");
                }
                await().until(() -> state(wiped, "open").get("missing_segments").size() > 0);
                await().until(() -> wiped.ask("GET open").startsWith("ERR GONE "));
                topicLedBy(wiped, "fresh", 2);
                assertThat(wiped.ask("GET fresh")).startsWith("OK ");
            }
        }
    }

    @Test
    void aWipedNodeThatHasSomebodyToJoinFoundsNoSecondCluster() {
        try (ThreeNodes three = ThreeNodes.start(dir)) {
            three.stop(3);
            three.stop(2);
            three.stop(1);
            three.wipe(3);
            Future<WalrusNode> alone = three.startAgainQuietly(3);
            Future<WalrusNode> first = three.startAgainQuietly(1);
            Future<WalrusNode> second = three.startAgainQuietly(2);
            NodeFixture.await(Future.all(alone, first, second));
            try (RawClient one = three.connect(1);
                    RawClient back = three.connect(3)) {
                assertThat(one.ask("REGISTER events")).isEqualTo("OK");
                assertThat(back.ask("PUT events a")).isEqualTo("OK");
            }
        }
    }
}
