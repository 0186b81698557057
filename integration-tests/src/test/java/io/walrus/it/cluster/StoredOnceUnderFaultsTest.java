package io.walrus.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.walrus.it.history.HistoryChecker;
import io.walrus.it.history.HistoryRecorder;
import io.walrus.it.process.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients with many appends under way to topics that roll over all the time, while a leader is
 * killed, and again while one is paused for longer than its lease. One client waits until the node
 * is back, the other one gives up long before.
 *
 * <p>Every append that completed is there once and in order, at the place that its client was told;
 * one that failed says whether it may be there.
 */
class StoredOnceUnderFaultsTest {

    private static final Duration WAIT = Duration.ofSeconds(90);
    private static final int PATIENT_MILLIS = 300_000;
    private static final int IMPATIENT_MILLIS = 700;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final int SEGMENT_ENTRIES = 50;

    private static final int ENOUGH = SEGMENT_ENTRIES;

    /** A topic that went on for so long has passed every node that may lead. */
    private static final int ROUND = 3;

    private static final List<String> TOPICS = List.of("apples", "pears", "plums");
    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of(
                    "WALRUS_MAX_SEGMENT_ENTRIES",
                    "" + SEGMENT_ENTRIES,
                    "WALRUS_MONITOR_CHECK_MS",
                    "100",
                    "WALRUS_RPC_TIMEOUT_MS",
                    "10000");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    private final HistoryRecorder recorder = new HistoryRecorder();

    @Test
    void whateverHappensToALeaderWhatCompletedIsThereOnceAndInOrder() throws IOException {
        try (HurtCluster cluster = HurtCluster.start(3, dir, SMALL_SEGMENTS)) {
            for (String topic : TOPICS) {
                await().atMost(WAIT).until(() -> cluster.ask(1, "REGISTER " + topic).equals("OK"));
            }
            try (MixLoad others = new MixLoad(cluster, recorder, TOPICS);
                    OnceLoad patient = load(cluster, others, PATIENT_MILLIS);
                    OnceLoad impatient = load(cluster, others, IMPATIENT_MILLIS)) {
                patient.start(TOPICS, others::newClient);
                impatient.start(TOPICS, others::newClient);
                awaitMore(patient);
                int killed = leader(cluster);
                cluster.kill(killed);
                goRound(cluster, others, otherThan(killed));
                cluster.launch(killed);
                cluster.awaitReady(killed);
                awaitMore(patient);
                int paused = leader(cluster);
                cluster.pause(paused);
                goRound(cluster, others, otherThan(paused));
                cluster.resume(paused);
                awaitMore(patient);
                impatient.end();
                patient.end();
                assertThat(patient.open()).as("left open though the node is back").isZero();
                awaitAllSealed(cluster);
                others.finish();
            }
            assertThat(HistoryChecker.check(recorder.history())).isEmpty();
            cluster.passed();
        }
    }

    private OnceLoad load(HurtCluster cluster, MixLoad others, int timeoutMillis) {
        return new OnceLoad(cluster, recorder, others::newValue, PAUSE_NANOS, timeoutMillis);
    }

    private static int otherThan(int node) {
        return node == 1 ? 2 : 1;
    }

    private static void awaitMore(OnceLoad load) {
        for (String topic : TOPICS) {
            int before = load.acked(topic);
            await().atMost(WAIT).until(() -> load.acked(topic) >= before + ENOUGH);
        }
    }

    /** Writes through a node that is well until each topic has passed the one that is away. */
    private static void goRound(HurtCluster cluster, MixLoad others, int node) throws IOException {
        int client = others.newClient();
        var ends = new HashMap<String, Integer>();
        for (String topic : TOPICS) {
            ends.put(topic, segment(cluster, node, topic) + ROUND);
        }
        await().atMost(WAIT)
                .until(
                        () -> {
                            for (String topic : List.copyOf(ends.keySet())) {
                                write(cluster, others, client, node, topic);
                                ends.remove(
                                        topic,
                                        Math.min(ends.get(topic), segment(cluster, node, topic)));
                            }
                            return ends.isEmpty();
                        });
    }

    private static void write(
            HurtCluster cluster, MixLoad others, int client, int node, String topic)
            throws IOException {
        try (var wire = new Wire(cluster.clientPort(node))) {
            for (int i = 0; i < SEGMENT_ENTRIES / 2; i++) {
                others.put(wire, client, node, topic, true);
            }
        }
    }

    private static int segment(HurtCluster cluster, int node, String topic) throws IOException {
        return new JsonObject(cluster.ask(node, "STATE " + topic)).getInteger("current_segment");
    }

    /** Whoever led a segment has said how many entries it has, and every node knows. */
    private static void awaitAllSealed(HurtCluster cluster) {
        for (int node : cluster.ids()) {
            for (String topic : TOPICS) {
                await().atMost(WAIT)
                        .until(
                                () ->
                                        new JsonObject(cluster.ask(node, "STATE " + topic))
                                                .getJsonObject("sealing_segments")
                                                .isEmpty());
            }
        }
    }

    private static int leader(HurtCluster cluster) throws IOException {
        return new JsonObject(cluster.ask(1, "STATE " + TOPICS.get(0))).getInteger("leader_node");
    }
}
