package io.walrus.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.walrus.it.disk.LoopDisk;
import io.walrus.it.process.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The leader of the metadata on a disk that becomes full: the others go on without it, it goes on
 * answering, and it is well again when there is room. Needs root for a disk of its own.
 */
class FullDiskTest {

    private static final Duration WAIT = Duration.ofSeconds(90);
    private static final int DISK_MEGABYTES = 256;
    private static final int FULL = 1;
    private static final int WELL = 2;
    private static final int COMMITS_AT_ONCE = 200;

    /** Long, so that few commits use up the room that the log has made before. */
    private static final String CURSOR = "c".repeat(120);

    private static final int PUTS_AT_ONCE = 20;
    private static final String BULK = "b".repeat(64 * 1024);
    private static final String STORAGE_FULL = "ERR STORAGE_FULL ";
    private static final String ON_A_FULL_DISK = "(?s)OK|ERR (STORAGE_FULL|NO_LEADER|UNKNOWN) .*";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    @Test
    void itStaysAndAnswersAndGoesOnByItselfWhenThereIsRoom() throws IOException {
        List<String> missing = LoopDisk.missing("mkfs.ext4", "losetup");
        if (!missing.isEmpty()) {
            String why = "SKIPPED, a full disk was NOT tested: missing " + missing;
            System.err.println("[WARN] " + why);
            Assumptions.abort(why);
        }
        try (LoopDisk disk = LoopDisk.of("ext4", dir, DISK_MEGABYTES);
                HurtCluster cluster =
                        HurtCluster.start(
                                3,
                                dir,
                                Map.of("WALRUS_RPC_TIMEOUT_MS", "5000"),
                                Map.of(FULL, disk))) {
            String here = topicLedBy(cluster, FULL);
            String elsewhere = topicLedBy(cluster, WELL);
            untilOk(cluster, FULL, "PUT " + here + " before");

            disk.fill();
            untilAllAreRefusedForRoom(cluster, here);
            int commits = commitUntil(cluster, elsewhere, "no room for the log of the metadata");
            await().atMost(WAIT).until(() -> commit(cluster, elsewhere, commits + 1).equals("OK"));
            untilOk(cluster, WELL, "PUT " + elsewhere + " meanwhile");
            await().atMost(WAIT)
                    .until(() -> cluster.ask(FULL, "FETCH " + here + " 1 0").endsWith(" before"));
            assertThat(cluster.isRunning(FULL)).isTrue();

            disk.empty();
            await().atMost(WAIT).until(() -> logOf(FULL).contains("there is room again"));
            untilOk(cluster, FULL, "PUT " + here + " after");
            await().atMost(WAIT)
                    .until(
                            () ->
                                    cluster.ask(FULL, "CURSOR " + elsewhere + " " + CURSOR)
                                            .equals("OK 1 " + (commits + 1)));
            assertThat(cluster.isRunning(FULL)).isTrue();
            cluster.passed();
        }
    }

    /**
     * What fits into the room that was made before is taken; then every entry is refused, by the
     * code for that and no other. A busy machine may cost the leader its lease: then all is tried
     * again, and nothing is asked any more once another node leads the topic.
     */
    private static void untilAllAreRefusedForRoom(HurtCluster cluster, String topic) {
        await().atMost(WAIT.multipliedBy(2))
                .until(
                        () -> {
                            List<String> replies = putMany(cluster, topic);
                            assertThat(replies).allMatch(reply -> reply.matches(ON_A_FULL_DISK));
                            return replies.stream()
                                            .allMatch(reply -> reply.startsWith(STORAGE_FULL))
                                    || leaderOf(cluster, topic) != FULL;
                        });
    }

    private static List<String> putMany(HurtCluster cluster, String topic) throws IOException {
        var replies = new ArrayList<String>();
        try (var wire = new Wire(cluster.clientPort(FULL))) {
            for (int i = 0; i < PUTS_AT_ONCE; i++) {
                replies.add(wire.ask("PUT " + topic + " " + BULK));
            }
        }
        return replies;
    }

    /** How many commits it took until the node says that its disk is full. */
    private int commitUntil(HurtCluster cluster, String topic, String said) throws IOException {
        int commits = 0;
        try (var wire = new Wire(cluster.clientPort(WELL))) {
            while (!logOf(FULL).contains(said)) {
                assertThat(commits).as("commits on a full disk").isLessThan(20_000);
                for (int i = 1; i <= COMMITS_AT_ONCE; i++) {
                    wire.send("COMMIT " + topic + " " + CURSOR + " 1 " + (commits + i));
                }
                for (int i = 1; i <= COMMITS_AT_ONCE; i++) {
                    wire.receive();
                }
                commits += COMMITS_AT_ONCE;
            }
        }
        return commits;
    }

    private static String commit(HurtCluster cluster, String topic, int offset) throws IOException {
        return cluster.ask(WELL, "COMMIT " + topic + " " + CURSOR + " 1 " + offset);
    }

    private String logOf(int node) throws IOException {
        return Files.readString(dir.resolve("node" + node + ".log"));
    }

    /** Leaders rotate over the nodes that are alive. */
    private static String topicLedBy(HurtCluster cluster, int node) {
        var number = new AtomicInteger();
        await().atMost(WAIT)
                .until(
                        () -> {
                            String topic = "led-by-" + node + "-" + number.incrementAndGet();
                            untilOk(cluster, WELL, "REGISTER " + topic);
                            return leaderOf(cluster, topic) == node;
                        });
        return "led-by-" + node + "-" + number.get();
    }

    private static int leaderOf(HurtCluster cluster, String topic) throws IOException {
        return new JsonObject(cluster.ask(WELL, "STATE " + topic)).getInteger("leader_node");
    }

    /** A busy machine may need another try. */
    private static void untilOk(HurtCluster cluster, int node, String request) {
        await().atMost(WAIT).until(() -> cluster.ask(node, request).equals("OK"));
    }
}
