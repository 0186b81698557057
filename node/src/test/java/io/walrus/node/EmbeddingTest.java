package io.walrus.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.client.Place;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.protocol.ErrorCode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node inside an application: deployed by name, used without a connection, gone without a trace.
 */
class EmbeddingTest {

    @TempDir private Path dir;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        NodeFixture.await(vertx.close());
    }

    @Test
    void aNodeWithoutAPortServesItsOwnProcess() {
        WalrusNode node = startWithoutPort(draft -> {});
        assertThat(node.clientPort()).isZero();
        WalrusClient client = node.client();
        NodeFixture.await(client.register("events"));
        NodeFixture.await(client.put("events", Buffer.buffer("a")));
        Place place = NodeFixture.await(client.append("events", Buffer.buffer("b")));
        assertThat(place.offset()).isEqualTo(1);
        assertThat(NodeFixture.await(client.get("events"))).contains(Buffer.buffer("a"));
        assertThat(NodeFixture.await(client.fetch("events", 1, 1)).orElseThrow().payload())
                .isEqualTo(Buffer.buffer("b"));
        assertThat(NodeFixture.await(client.topics())).containsExactly("events");
        assertThat(NodeFixture.await(client.state("events")).getInteger("leader_node")).isOne();
        NodeFixture.await(node.stop());
    }

    @Test
    void whatOneCallerAsksHappensInTheOrderOfItsCalls() {
        WalrusNode node = startWithoutPort(draft -> draft.segmentEntriesMax = 50);
        WalrusClient client = node.client();
        NodeFixture.await(client.register("events"));
        var taken = new ArrayList<Future<Optional<Buffer>>>();
        for (int i = 0; i < 200; i++) {
            client.put("events", Buffer.buffer("" + i));
            if (i % 3 == 0) {
                taken.add(client.get("events"));
            }
        }
        NodeFixture.await(Future.join(taken));
        for (int i = 0; i < taken.size(); i++) {
            assertThat(taken.get(i).result()).contains(Buffer.buffer("" + i));
        }
        NodeFixture.await(node.stop());
    }

    @Test
    void answersComeOnTheContextOfTheCaller() {
        WalrusNode node = startWithoutPort(draft -> {});
        WalrusClient client = node.client();
        Context caller = vertx.getOrCreateContext();
        Promise<Context> answeredOn = Promise.promise();
        caller.runOnContext(
                turn ->
                        client.register("events")
                                .onSuccess(done -> answeredOn.complete(Vertx.currentContext()))
                                .onFailure(answeredOn::fail));
        assertThat(NodeFixture.await(answeredOn.future())).isSameAs(caller);
        NodeFixture.await(node.stop());
    }

    @Test
    void aCallerThatAsksForTooMuchIsRefusedAndNothingIsLost() {
        WalrusNode node =
                startWithoutPort(
                        draft -> {
                            draft.inFlightRequestsMax = 10;
                            draft.frameBytesMax = 1_000;
                        });
        WalrusClient client = node.client();
        NodeFixture.await(client.register("events"));
        assertThatThrownBy(
                        () ->
                                NodeFixture.await(
                                        client.put("events", Buffer.buffer(new byte[1_001]))))
                .hasMessageContaining("expected a request of 1000 bytes at most, got 1001");
        var puts = new ArrayList<Future<Void>>();
        for (int i = 0; i < 5_000; i++) {
            puts.add(client.put("events", Buffer.buffer("" + i)));
        }
        await().until(() -> puts.stream().allMatch(Future::isComplete));
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < puts.size(); i++) {
            if (puts.get(i).succeeded()) {
                stored.add("" + i);
            } else {
                assertThat(codeOf(puts.get(i).cause())).isEqualTo(ErrorCode.BUSY);
            }
        }
        assertThat(stored).hasSizeBetween(10, 4_999);
        for (String expected : stored) {
            assertThat(NodeFixture.await(client.get("events")).orElseThrow().toString(UTF_8))
                    .isEqualTo(expected);
        }
        assertThat(NodeFixture.await(client.get("events"))).isEmpty();
        NodeFixture.await(node.stop());
    }

    @Test
    void aClientEndsWithItsNode() {
        WalrusNode node = startWithoutPort(draft -> {});
        WalrusClient client = node.client();
        WalrusClient closed = node.client();
        NodeFixture.await(closed.close());
        assertThatThrownBy(() -> NodeFixture.await(closed.topics())).hasMessageContaining("closed");
        NodeFixture.await(client.register("events"));
        Future<Void> last = client.put("events", Buffer.buffer("last"));
        NodeFixture.await(node.stop());
        assertThat(last.succeeded()).isTrue();
        assertThatThrownBy(() -> NodeFixture.await(client.put("events", Buffer.buffer("late"))))
                .satisfies(late -> assertThat(codeOf(late)).isEqualTo(ErrorCode.STOPPING));
        assertThatThrownBy(node::client).hasMessageContaining("is stopped");
    }

    @Test
    void aNodeDeployedByNameIsFoundAndLeavesNothingBehind() throws IOException {
        int port;
        for (int life = 0; life < 2; life++) {
            String id = NodeFixture.await(vertx.deployVerticle("walrus:node", config()));
            WalrusNode node = WalrusNode.deployed(vertx, 1).orElseThrow();
            port = node.clientPort();
            NodeFixture.await(node.client().register("events"));
            NodeFixture.await(node.client().put("events", Buffer.buffer("" + life)));
            NodeFixture.await(vertx.undeploy(id));
            assertThat(WalrusNode.deployed(vertx, 1)).isEmpty();
            new ServerSocket(port).close();
            assertThat(openFilesBelow(dir)).isEmpty();
        }
        await().until(
                        () ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .noneMatch(t -> t.getName().startsWith("walrus-")));
    }

    @Test
    void aNameThatNobodyHasIsRefusedWithTheOneThatIsThere() {
        assertThatThrownBy(() -> NodeFixture.await(vertx.deployVerticle("walrus:nod")))
                .hasMessageContaining("expected walrus:node, got walrus:nod");
    }

    @Test
    void aNodeThatJoinsOthersNeedsAPort() {
        assertThatThrownBy(
                        () ->
                                NodeOptions.DEFAULTS.with(
                                        draft -> {
                                            draft.clientPort = NodeOptions.NO_PORT;
                                            draft.join = List.of("127.0.0.1:6000");
                                        }))
                .hasMessageContaining("client port: expected one");
    }

    private WalrusNode startWithoutPort(Consumer<NodeOptions.Draft> change) {
        NodeOptions options =
                NodeOptions.DEFAULTS.with(
                        draft -> {
                            draft.dataDir = dir.toString();
                            draft.clientPort = NodeOptions.NO_PORT;
                            draft.raftPort = 0;
                            change.accept(draft);
                        });
        return NodeFixture.await(WalrusNode.create(vertx, options).start());
    }

    private static ErrorCode codeOf(Throwable failure) {
        return ((WalrusClientException) failure).errorCode().orElseThrow();
    }

    private DeploymentOptions config() {
        return new DeploymentOptions()
                .setConfig(
                        new JsonObject()
                                .put("dataDir", dir.toString())
                                .put("clientPort", 0)
                                .put("raftPort", 0));
    }

    /** Empty, too, where the operating system does not tell. */
    private static List<String> openFilesBelow(Path dir) throws IOException {
        Path open = Path.of("/proc/self/fd");
        var found = new ArrayList<String>();
        if (!Files.isDirectory(open)) {
            return found;
        }
        try (var handles = Files.list(open)) {
            for (Path handle : handles.toList()) {
                String target = targetOf(handle);
                if (target.startsWith(dir.toRealPath().toString())) {
                    found.add(target);
                }
            }
        }
        return found;
    }

    private static String targetOf(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
