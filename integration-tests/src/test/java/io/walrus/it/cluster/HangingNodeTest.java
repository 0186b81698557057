package io.walrus.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.walrus.it.process.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A node that hangs holds up who needs it, and nobody else. */
class HangingNodeTest {

    private static final Duration WAIT = Duration.ofMinutes(1);
    private static final int RPC_MILLIS = 12_000;

    /** Enough of them to be on every connection between two nodes. */
    private static final int TOPICS = 8;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    @Test
    void whoReadsWhatItHoldsHoldsUpNoRequestsForTopicsThatOthersLead() throws IOException {
        try (HurtCluster cluster =
                HurtCluster.start(
                        3, dir, Map.of("WALRUS_RPC_TIMEOUT_MS", Integer.toString(RPC_MILLIS)))) {
            int hanging = 1 + leaderOfMetadata(cluster) % 3;
            int leader = 1 + hanging % 3;
            int asked = 1 + leader % 3;
            for (int i = 0; i < TOPICS; i++) {
                ask(cluster, asked, "REGISTER held" + i);
                rollUntilLedBy(cluster, asked, "held" + i, hanging);
                assertThat(ask(cluster, asked, "PUT held" + i + " old")).isEqualTo("OK");
                passOn(cluster, asked, "held" + i, leader);
                ask(cluster, asked, "REGISTER other" + i);
                rollUntilLedBy(cluster, asked, "other" + i, leader);
            }
            cluster.pause(hanging);
            List<CompletableFuture<String>> readers =
                    IntStream.range(0, TOPICS)
                            .mapToObj(i -> later(cluster, asked, "GET held" + i))
                            .toList();
            for (int i = 0; i < TOPICS; i++) {
                assertThat(ask(cluster, asked, "PUT other" + i + " new")).isEqualTo("OK");
                assertThat(ask(cluster, asked, "GET other" + i)).isEqualTo("OK new");
                assertThat(ask(cluster, asked, "PUT held" + i + " new")).isEqualTo("OK");
            }
            assertThat(ask(cluster, asked, "ROLL held0")).isEqualTo("OK");
            assertThat(readers).noneMatch(CompletableFuture::isDone);

            cluster.resume(hanging);
            readers.forEach(reader -> assertThat(reader.join()).isEqualTo("OK old"));
            cluster.passed();
        }
    }

    /** What is put on the way there is taken again, so that nothing of it is missed later. */
    private static void rollUntilLedBy(HurtCluster cluster, int asked, String topic, int node)
            throws IOException {
        while (leaderOf(cluster, asked, topic) != node) {
            assertThat(ask(cluster, asked, "PUT " + topic + " filler")).isEqualTo("OK");
            assertThat(ask(cluster, asked, "GET " + topic)).startsWith("OK ");
            int before = leaderOf(cluster, asked, topic);
            assertThat(ask(cluster, asked, "ROLL " + topic)).isEqualTo("OK");
            await().atMost(WAIT).until(() -> leaderOf(cluster, asked, topic) != before);
        }
    }

    /** To whom is next, with all that is in it. */
    private static void passOn(HurtCluster cluster, int asked, String topic, int next)
            throws IOException {
        assertThat(ask(cluster, asked, "ROLL " + topic)).isEqualTo("OK");
        await().atMost(WAIT).until(() -> leaderOf(cluster, asked, topic) == next);
    }

    private static CompletableFuture<String> later(HurtCluster cluster, int node, String request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return ask(cluster, node, request);
                    } catch (IOException broken) {
                        throw new UncheckedIOException(broken);
                    }
                },
                task -> new Thread(task, "reader").start());
    }

    private static int leaderOfMetadata(HurtCluster cluster) throws IOException {
        return new JsonObject(ask(cluster, 1, "METRICS")).getInteger("current_leader");
    }

    private static int leaderOf(HurtCluster cluster, int node, String topic) throws IOException {
        return new JsonObject(ask(cluster, node, "STATE " + topic)).getInteger("leader_node");
    }

    private static String ask(HurtCluster cluster, int node, String request) throws IOException {
        try (var wire = new Wire(cluster.clientPort(node), 2 * RPC_MILLIS)) {
            return wire.ask(request);
        }
    }
}
