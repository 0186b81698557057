package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever closes Vert.x as the last step of a stop hears of the end, though its threads are gone.
 */
class StopTest {

    @TempDir private Path dir;

    static Stream<Arguments> stops() {
        return Stream.of(
                Arguments.of("stop", (Function<WalrusNode, Future<Void>>) WalrusNode::stop),
                Arguments.of(
                        "stopAtOnce", (Function<WalrusNode, Future<Void>>) WalrusNode::stopAtOnce));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stops")
    void theEndOfANodeIsTold(String name, Function<WalrusNode, Future<Void>> stop) {
        Vertx vertx = Vertx.vertx();
        WalrusNode node = WalrusNode.create(vertx, options(dir));
        NodeFixture.await(node.start());
        NodeFixture.await(stop.apply(node).eventually(vertx::close));
    }

    @Test
    void theEndOfAllNodesOfAClusterIsTold() throws IOException {
        Vertx vertx = Vertx.vertx();
        LocalCluster cluster = LocalCluster.create(vertx, dir, 3, 0, draft -> {});
        NodeFixture.await(cluster.start());
        NodeFixture.await(cluster.stop().eventually(vertx::close));
    }

    @Test
    void theEndOfANodeThatCannotStartIsTold() {
        Vertx vertx = Vertx.vertx();
        try (NodeFixture holder = NodeFixture.start(dir)) {
            Future<Object> failed =
                    WalrusNode.create(vertx, holder.node().options())
                            .start()
                            .transform(
                                    started ->
                                            started.failed()
                                                    ? vertx.close().map(closed -> null)
                                                    : Future.failedFuture(
                                                            "the directory is taken"));
            NodeFixture.await(failed);
        }
    }

    private static NodeOptions options(Path dir) {
        return NodeOptions.DEFAULTS.with(
                draft -> {
                    draft.dataDir = dir.toString();
                    draft.clientPort = 0;
                    draft.raftPort = 0;
                });
    }
}
