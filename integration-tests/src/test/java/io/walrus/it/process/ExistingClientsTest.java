package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.walrus.metadata.raft.RaftMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What scripts around the protocol do that are older than this server: they start three nodes one
 * after the other on fixed ports, know nothing but METRICS to learn when the cluster is there, and
 * make a connection for each request.
 */
class ExistingClientsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<Integer> IDS = List.of(1, 2, 3);
    private static final int SEGMENT_ENTRIES = 10;
    private static final int ENTRIES = 60;
    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of(
                    "WALRUS_MAX_SEGMENT_ENTRIES",
                    Integer.toString(SEGMENT_ENTRIES),
                    "WALRUS_MONITOR_CHECK_MS",
                    "1000");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    private final Map<Integer, Integer> clientPorts = new TreeMap<>();
    private final Map<Integer, Integer> raftPorts = new TreeMap<>();
    private final Map<Integer, NodeUnderTest> nodes = new TreeMap<>();

    @BeforeEach
    void choosePorts() throws IOException {
        for (int id : IDS) {
            clientPorts.put(id, RaftMetadata.freePort("127.0.0.1"));
            raftPorts.put(id, RaftMetadata.freePort("127.0.0.1"));
        }
    }

    @AfterEach
    void killThem() {
        nodes.values().forEach(NodeUnderTest::close);
    }

    /** With the flags of such scripts, the same at each start. */
    private void start(int id) {
        var environment = new TreeMap<>(SMALL_SEGMENTS);
        var flags = new ArrayList<String>();
        flags.addAll(List.of("--node-id", "" + id, "--raft-port", "" + raftPorts.get(id)));
        flags.addAll(List.of("--raft-host", "127.0.0.1", "--client-host", "127.0.0.1"));
        flags.addAll(List.of("--raft-advertise-host", "127.0.0.1"));
        flags.addAll(List.of("--log-file", dir.resolve("node" + id + ".log").toString()));
        flags.addAll(List.of(id == 2 ? "--port" : "--client-port", "" + clientPorts.get(id)));
        if (id > 1) {
            // The third one asks the second, which leads nothing.
            String member = "127.0.0.1:" + raftPorts.get(id - 1);
            flags.addAll(List.of(id == 2 ? "--join" : "--initial-peer", member));
        }
        if (id == 3) {
            environment.put("WALRUS_DATA_DIR", dir.resolve("data3").toString());
        } else {
            flags.addAll(List.of("--data-dir", dir.resolve("data" + id).toString()));
        }
        nodes.put(id, NodeUnderTest.launch(environment, flags));
    }

    private String ask(int node, String request) throws IOException {
        try (var wire = new Wire(clientPorts.get(node))) {
            return wire.ask(request);
        }
    }

    private JsonNode json(int node, String request) throws IOException {
        return JSON.readTree(ask(node, request));
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).ignoreExceptionsInstanceOf(IOException.class);
    }

    /** The first node sees all as members that vote, and their logs at the end of its own. */
    private boolean isWhole() throws IOException {
        JsonNode metrics = json(1, "METRICS");
        JsonNode membership = metrics.get("membership_config").get("membership");
        Set<Integer> voters = new HashSet<>();
        membership.get("configs").get(0).forEach(voter -> voters.add(voter.asInt()));
        long last = metrics.get("last_log_index").asLong();
        return IDS.contains(metrics.get("current_leader").asInt())
                && voters.containsAll(IDS)
                && last > 0
                && IDS.stream()
                        .allMatch(
                                id ->
                                        membership.get("nodes").has("" + id)
                                                && metrics.path("replication")
                                                                .path("" + id)
                                                                .path("index")
                                                                .asLong()
                                                        >= last);
    }

    private void awaitWhole() {
        patiently().until(this::isWhole);
        for (int id : IDS) {
            patiently().untilAsserted(() -> requireShape(id, json(id, "METRICS")));
        }
    }

    private static void requireShape(int id, JsonNode metrics) {
        assertThat(metrics.get("id").asInt()).isEqualTo(id);
        assertThat(metrics.get("state").isTextual()).isTrue();
        assertThat(metrics.get("current_term").isIntegralNumber()).isTrue();
        assertThat(metrics.get("current_leader").asInt()).isIn(IDS);
        assertThat(metrics.get("last_log_index").isIntegralNumber()).isTrue();
        assertThat(metrics.get("last_applied").get("index").isIntegralNumber()).isTrue();
        assertThat(metrics.get("membership_config").get("membership").get("configs").toString())
                .isEqualTo("[[1,2,3]]");
        assertThat(metrics.get("replication").size()).isEqualTo(IDS.size());
        metrics.get("replication")
                .forEach(one -> assertThat(one.get("index").isIntegralNumber()).isTrue());
    }

    private void putAll(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            int leader = json(1, "METRICS").get("current_leader").asInt();
            assertThat(ask(leader, "PUT events msg-" + i)).isEqualTo("OK");
        }
    }

    private void getAll(int node, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            assertThat(ask(node, "GET events")).isEqualTo("OK msg-" + i);
        }
    }

    /** Every segment but the last is sealed at its limit, and each node led some. */
    private void requireRotation(int node) throws IOException {
        JsonNode state = json(node, "STATE events");
        int current = state.get("current_segment").asInt();
        assertThat(current).isGreaterThan(ENTRIES / SEGMENT_ENTRIES);
        assertThat(state.get("sealed_segments").size()).isEqualTo(current - 1);
        state.get("sealed_segments")
                .forEach(count -> assertThat(count.asInt()).isEqualTo(SEGMENT_ENTRIES));
        assertThat(state.get("last_sealed_entry_offset").asInt()).isEqualTo(ENTRIES);
        Set<Integer> leaders = new HashSet<>();
        state.get("segment_leaders").forEach(leader -> leaders.add(leader.asInt()));
        assertThat(leaders).containsExactlyInAnyOrderElementsOf(IDS);
        assertThat(state.get("leader_node").asInt())
                .isEqualTo(state.get("segment_leaders").get("" + current).asInt());
    }

    @Test
    void theyFindTheClusterWriteWhileSegmentsRotateAndReadOnAfterAllWereStopped()
            throws IOException {
        for (int id : IDS) {
            start(id);
            patiently().until(() -> json(id, "METRICS").has("current_leader"));
        }
        awaitWhole();

        assertThat(ask(1, "REGISTER events")).isEqualTo("OK");
        putAll(0, ENTRIES);
        for (int id : IDS) {
            patiently().untilAsserted(() -> requireRotation(id));
        }
        int leader = json(1, "STATE events").get("leader_node").asInt();
        getAll(1 + leader % 3, 0, ENTRIES / 2);

        for (NodeUnderTest node : nodes.values()) {
            assertThat(node.terminate()).isEqualTo(143);
        }
        IDS.forEach(this::start);
        awaitWhole();
        getAll(2, ENTRIES / 2, ENTRIES);
        assertThat(ask(3, "GET events")).isEqualTo("EMPTY");
        putAll(ENTRIES, ENTRIES + SEGMENT_ENTRIES);
        getAll(1, ENTRIES, ENTRIES + SEGMENT_ENTRIES);
    }
}
