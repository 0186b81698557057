package io.walrus.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A leader that was silent for longer than its lease, and comes back in the same life. */
class PausedLeaderTest {

    private static final Duration WAIT = Duration.ofMinutes(1);
    private static final int ENTRIES = 10;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    @Test
    void whatItLedIsSealedWithoutARestartAndReadOn() throws IOException {
        try (HurtCluster cluster =
                HurtCluster.start(3, dir, Map.of("WALRUS_RPC_TIMEOUT_MS", "2000"))) {
            cluster.ask(1, "REGISTER pears");
            for (int i = 0; i < ENTRIES; i++) {
                assertThat(cluster.ask(1, "PUT pears " + i)).isEqualTo("OK");
            }
            int leader = leaderAsSeenBy(cluster, 1);
            int other = leader == 1 ? 2 : 1;
            cluster.pause(leader);
            await().atMost(WAIT).until(() -> leaderAsSeenBy(cluster, other) != leader);
            cluster.resume(leader);
            await().atMost(WAIT).until(() -> cluster.ask(other, "GET pears").equals("OK 0"));
            for (int i = 1; i < ENTRIES; i++) {
                assertThat(cluster.ask(1 + i % 3, "GET pears")).isEqualTo("OK " + i);
            }
            assertThat(cluster.ask(leader, "PUT pears later")).isEqualTo("OK");
            assertThat(cluster.ask(other, "GET pears")).isEqualTo("OK later");
            cluster.passed();
        }
    }

    @Test
    void aClientWritesOnWhileItsLeaderHangs() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (HurtCluster cluster = HurtCluster.start(3, dir, Map.of())) {
            WalrusClient client = patientClient(vertx, cluster);
            cluster.ask(1, "REGISTER pears");
            client.blocking().append("pears", Buffer.buffer("first"));
            int leader = leaderAsSeenBy(cluster, 1);
            cluster.pause(leader);
            var acked = new AtomicInteger();
            await().atMost(WAIT)
                    .until(
                            () -> {
                                client.append("pears", Buffer.buffer("more"))
                                        .onSuccess(place -> acked.incrementAndGet());
                                return acked.get() > 0;
                            });
            cluster.resume(leader);
            client.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(WAIT.toSeconds(), TimeUnit.SECONDS);
            cluster.passed();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Half of its time-out is longer than the test waits. */
    private static WalrusClient patientClient(Vertx vertx, HurtCluster cluster) {
        return WalrusClient.create(
                vertx,
                new WalrusClientOptions()
                        .setAddresses(
                                cluster.ids().stream()
                                        .map(id -> "127.0.0.1:" + cluster.clientPort(id))
                                        .toList())
                        .setRequestTimeoutMillis(3 * (int) WAIT.toMillis()));
    }

    private static int leaderAsSeenBy(HurtCluster cluster, int node) throws IOException {
        return new JsonObject(cluster.ask(node, "STATE pears")).getInteger("leader_node");
    }
}
