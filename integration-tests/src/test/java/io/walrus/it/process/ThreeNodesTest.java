package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes, started one after the other with the flags that scripts use: one log, leadership
 * that rotates.
 */
class ThreeNodesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of(
                    "WALRUS_MAX_SEGMENT_ENTRIES",
                    "10",
                    "WALRUS_MONITOR_CHECK_MS",
                    "100",
                    "WALRUS_RPC_TIMEOUT_MS",
                    "20000");

    @TempDir private Path dir;
    private final List<NodeUnderTest> nodes = new ArrayList<>();

    @BeforeEach
    void startThree() {
        nodes.add(start(1));
        nodes.add(start(2));
        nodes.add(start(3));
        nodes.forEach(node -> await().atMost(PATIENCE).until(() -> seesAllThree(node)));
    }

    @AfterEach
    void stopThem() {
        nodes.forEach(NodeUnderTest::close);
    }

    private NodeUnderTest start(int id) {
        var flags = new ArrayList<>(List.of("--node-id", Integer.toString(id)));
        flags.add("--log-file");
        flags.add(dir.resolve("node" + id + ".log").toString());
        if (id > 1) {
            flags.add("--join");
            flags.add("127.0.0.1:" + nodes.get(0).raftPort());
        }
        return NodeUnderTest.start(
                dir.resolve("data" + id), SMALL_SEGMENTS, flags.toArray(String[]::new));
    }

    private static boolean seesAllThree(NodeUnderTest node) throws IOException {
        JsonNode metrics = JSON.readTree(ask(node, "METRICS"));
        return metrics.get("current_leader").asInt() > 0
                && metrics.get("membership_config").get("membership").get("configs").get(0).size()
                        == 3
                && metrics.get("replication").size() == 3;
    }

    private static String ask(NodeUnderTest node, String request) throws IOException {
        try (var wire = new Wire(node.clientPort())) {
            return wire.ask(request);
        }
    }

    private static void putAll(NodeUnderTest node, String topic, int from, int to)
            throws IOException {
        try (var wire = new Wire(node.clientPort())) {
            for (int i = from; i < to; i++) {
                wire.send("PUT " + topic + " " + i);
            }
            for (int i = from; i < to; i++) {
                assertThat(wire.receive()).isEqualTo("OK");
            }
        }
    }

    private static void getAll(NodeUnderTest node, String topic, int from, int to)
            throws IOException {
        try (var wire = new Wire(node.clientPort())) {
            for (int i = from; i < to; i++) {
                assertThat(wire.ask("GET " + topic)).isEqualTo("OK " + i);
            }
        }
    }

    @Test
    void leadershipRotatesAndAnyNodeTakesAnyRequestAlsoAfterAllWereStopped() throws IOException {
        assertThat(ask(nodes.get(1), "REGISTER events")).isEqualTo("OK");
        await().atMost(PATIENCE).until(() -> ask(nodes.get(2), "STATE events").startsWith("{"));
        putAll(nodes.get(2), "events", 0, 95);

        JsonNode state = JSON.readTree(ask(nodes.get(0), "STATE events"));
        Set<Integer> leaders = new HashSet<>();
        state.get("segment_leaders").forEach(leader -> leaders.add(leader.asInt()));
        assertThat(leaders).containsExactlyInAnyOrder(1, 2, 3);
        state.get("sealed_segments").forEach(count -> assertThat(count.asInt()).isEqualTo(10));
        int leader = state.get("leader_node").asInt();
        getAll(nodes.get(leader % 3), "events", 0, 50);

        nodes.forEach(NodeUnderTest::terminate);
        for (int id = 1; id <= 3; id++) {
            int again = id;
            nodes.set(again - 1, restartedQuietly(again));
        }
        for (NodeUnderTest node : nodes) {
            node.awaitReady();
        }
        getAll(nodes.get(1), "events", 50, 95);
        putAll(nodes.get(0), "events", 95, 130);
        getAll(nodes.get(2), "events", 95, 130);
        assertThat(ask(nodes.get(2), "GET events")).isEqualTo("EMPTY");
    }

    private NodeUnderTest restartedQuietly(int id) {
        return NodeUnderTest.startWithoutWaiting(
                dir.resolve("data" + id), SMALL_SEGMENTS, "--node-id", Integer.toString(id));
    }

    @Test
    void whenALeaderIsKilledItsTopicTakesWritesAgainAndItsEntriesComeBackWithIt()
            throws IOException {
        ask(nodes.get(0), "REGISTER events");
        putAll(nodes.get(0), "events", 0, 5);
        int leader = JSON.readTree(ask(nodes.get(0), "STATE events")).get("leader_node").asInt();
        NodeUnderTest other = nodes.get(leader % 3);
        await().atMost(PATIENCE).until(() -> ask(other, "STATE events").startsWith("{"));
        getAll(other, "events", 0, 2);

        nodes.get(leader - 1).kill();
        await().atMost(PATIENCE).until(() -> ask(other, "PUT events 5").equals("OK"));

        JsonNode state = JSON.readTree(ask(other, "STATE events"));
        assertThat(state.get("segment_states").get("1").asText()).isEqualTo("sealing");
        assertThat(state.get("sealing_segments").get("1").asInt()).isEqualTo(leader);
        assertThat(ask(other, "GET events"))
                .startsWith("ERR NO_LEADER")
                .contains("node " + leader + " is missed");

        nodes.set(leader - 1, restartedQuietly(leader));
        nodes.get(leader - 1).awaitReady();
        await().atMost(PATIENCE)
                .until(() -> ask(other, "STATE events").contains("\"sealed_segments\":{\"1\":5"));
        assertThat(JSON.readTree(ask(other, "STATE events")).get("sealing_segments")).isEmpty();
        getAll(other, "events", 2, 6);
        assertThat(ask(other, "GET events")).isEqualTo("EMPTY");
    }
}
