package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node over its life: restarts, rollovers, embedding. */
class NodeLifeTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path dir;

    @Test
    void whatWasPutIsThereAfterARestartAndTheCursorGoesOn() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask("PUT events " + i)).isEqualTo("OK");
            }
            assertThat(client.ask("GET events")).isEqualTo("OK 0");
            assertThat(client.ask("GET events")).isEqualTo("OK 1");
        }
        for (int life = 0; life < 2; life++) {
            try (NodeFixture node = NodeFixture.start(dir);
                    RawClient client = node.connect()) {
                assertThat(client.ask("GET events")).isEqualTo("OK " + (2 + life));
                assertThat(client.ask("FETCH events 1 9")).isEqualTo("OK 10 9");
                assertThat(client.ask("PUT events again")).isEqualTo("OK");
            }
        }
    }

    @Test
    void aRestartedLeaderSealsItsOpenSegmentAtTheExactCount() throws IOException {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            client.ask("PUT events a");
            client.ask("PUT events b");
        }
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            assertThat(client.ask("PUT events c")).isEqualTo("OK");
            JsonNode state = JSON.readTree(client.ask("STATE events"));
            assertThat(state.get("current_segment").asInt()).isEqualTo(2);
            assertThat(state.get("sealed_segments").get("1").asInt()).isEqualTo(2);
            assertThat(state.get("last_sealed_entry_offset").asInt()).isEqualTo(2);
            assertThat(client.ask("FETCH events 2 0")).isEqualTo("OK 1 c");
        }
    }

    @Test
    void aNodeWhoseOthersNeverStartIsStoppedAllTheSame() {
        try (ThreeNodes cluster = ThreeNodes.start(dir)) {
            for (int id = 1; id <= 3; id++) {
                cluster.stopAtOnce(id);
            }
            Future<WalrusNode> starting = cluster.startAgainQuietly(1);
            cluster.stop(1);
            await().atMost(Duration.ofSeconds(30)).until(starting::isComplete);
            assertThat(starting.failed()).isTrue();
            var all = new ArrayList<Future<WalrusNode>>();
            for (int id = 1; id <= 3; id++) {
                all.add(cluster.startAgainQuietly(id));
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> all.stream().allMatch(Future::succeeded));
        }
    }

    @Test
    void segmentsRollOverAtTheirLimitAndWritersSeeAPauseAndNoError() throws IOException {
        try (NodeFixture node = NodeFixture.start(dir, draft -> draft.segmentEntriesMax = 10);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            for (int i = 0; i < 95; i++) {
                client.send("PUT events " + i);
            }
            for (int i = 0; i < 95; i++) {
                assertThat(client.receive()).isEqualTo("OK");
            }
            JsonNode state = JSON.readTree(client.ask("STATE events"));
            assertThat(state.get("current_segment").asInt()).isEqualTo(10);
            for (int segment = 1; segment < 10; segment++) {
                assertThat(state.get("sealed_segments").get("" + segment).asInt()).isEqualTo(10);
            }
            assertThat(state.get("last_sealed_entry_offset").asInt()).isEqualTo(90);
            for (int i = 0; i < 95; i++) {
                assertThat(client.ask("GET events")).isEqualTo("OK " + i);
            }
            assertThat(client.ask("GET events")).isEqualTo("EMPTY");
        }
    }

    @Test
    void segmentsRollOverAtTheirLimitOfBytesToo() throws IOException {
        try (NodeFixture node = NodeFixture.start(dir, draft -> draft.segmentBytesMax = 1_000);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            for (int i = 0; i < 30; i++) {
                assertThat(client.ask("PUT events " + "x".repeat(100))).isEqualTo("OK");
            }
            JsonNode state = JSON.readTree(client.ask("STATE events"));
            assertThat(state.get("current_segment").asInt()).isBetween(3, 4);
            assertThat(state.get("sealed_segments").get("1").asInt()).isEqualTo(10);
        }
    }

    @Test
    void manyWritersRacingTheRolloverLoseNothingAndCountsAreExact() {
        try (NodeFixture node =
                NodeFixture.start(
                        dir,
                        draft -> {
                            draft.segmentEntriesMax = 7;
                            draft.rpcTimeoutMillis = 60_000;
                        })) {
            try (RawClient client = node.connect()) {
                client.ask("REGISTER events");
            }
            var writers =
                    java.util.stream.IntStream.range(0, 8)
                            .mapToObj(w -> new Thread(() -> putMany(node, w, 100)))
                            .toList();
            writers.forEach(Thread::start);
            await().until(() -> writers.stream().noneMatch(Thread::isAlive));
            var next = new int[8];
            try (RawClient client = node.connect()) {
                String reply;
                while (!(reply = client.ask("GET events")).equals("EMPTY")) {
                    String[] words = reply.split(" ");
                    int writer = Integer.parseInt(words[1]);
                    assertThat(Integer.parseInt(words[2])).isEqualTo(next[writer]++);
                }
            }
            assertThat(next).containsOnly(100);
        }
    }

    private static void putMany(NodeFixture node, int writer, int count) {
        try (RawClient client = node.connect()) {
            for (int i = 0; i < count; i++) {
                client.send("PUT events " + writer + " " + i);
            }
            for (int i = 0; i < count; i++) {
                assertThat(client.receive()).isEqualTo("OK");
            }
        }
    }

    @Test
    void aSecondNodeOnTheSameDirectoryIsRefusedAndNamesTheFirst() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            assertThatThrownBy(() -> NodeFixture.start(dir).close())
                    .hasMessageContaining("pid " + ProcessHandle.current().pid());
            try (RawClient client = node.connect()) {
                assertThat(client.ask("REGISTER events")).isEqualTo("OK");
            }
        }
    }

    @Test
    void aNodeThatCannotListenLeavesItsDirectoryFree() {
        try (NodeFixture node = NodeFixture.start(dir.resolve("one"))) {
            assertThatThrownBy(
                            () ->
                                    NodeFixture.start(
                                                    dir.resolve("two"),
                                                    draft ->
                                                            draft.clientPort =
                                                                    node.node().clientPort())
                                            .close())
                    .hasStackTraceContaining("BindException");
        }
        NodeFixture.start(dir.resolve("two")).close();
    }

    @Test
    void aNodeDeployedAsAVerticleServesAndLeavesNothingBehind() {
        Vertx vertx = Vertx.vertx();
        try {
            for (int life = 0; life < 2; life++) {
                String id =
                        NodeFixture.await(
                                vertx.deployVerticle(
                                        NodeVerticle.class.getName(),
                                        new DeploymentOptions()
                                                .setConfig(
                                                        new JsonObject()
                                                                .put("dataDir", dir.toString())
                                                                .put("clientPort", 0)
                                                                .put("raftPort", 0))));
                NodeFixture.await(vertx.undeploy(id));
            }
            await().until(
                            () ->
                                    Thread.getAllStackTraces().keySet().stream()
                                            .noneMatch(t -> t.getName().startsWith("walrus-")));
        } finally {
            NodeFixture.await(vertx.close());
        }
    }

    @Test
    void optionsSurviveJsonAndUnknownOnesAreRefused() {
        NodeOptions options = NodeOptions.DEFAULTS.with(draft -> draft.nodeId = 3);
        assertThat(NodeOptions.fromJson(options.toJson())).isEqualTo(options);
        assertThat(NodeOptions.fromJson("{\"clientPort\": 9}").clientPort()).isEqualTo(9);
        assertThatThrownBy(() -> NodeOptions.fromJson("{\"clientPrt\": 9}"))
                .hasMessageContaining("clientPrt");
        assertThatThrownBy(() -> NodeOptions.fromJson("{\"clientAdvertise\": \"host\"}"))
                .hasMessageContaining("expected host:port, got 'host'");
        assertThatThrownBy(() -> NodeOptions.fromJson("{\"fsync\": \"often\"}"))
                .hasMessageContaining("each, none, window:<ms> or <ms>");
    }
}
