package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Three real nodes in this JVM, on free ports, for one test. */
final class ThreeNodes implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Path dir;
    private final List<WalrusNode> nodes = new ArrayList<>();

    private ThreeNodes(Path dir) {
        this.dir = dir;
    }

    static ThreeNodes start(Path dir, Consumer<NodeOptions.Draft> change) {
        var three = new ThreeNodes(dir);
        try {
            LocalCluster cluster = LocalCluster.create(three.vertx, dir, 3, 0, change);
            NodeFixture.await(cluster.start());
            three.nodes.addAll(cluster.nodes());
            return three;
        } catch (IOException refused) {
            three.close();
            throw new UncheckedIOException(refused);
        } catch (RuntimeException failed) {
            three.close();
            throw failed;
        }
    }

    static ThreeNodes start(Path dir) {
        return start(dir, draft -> {});
    }

    WalrusNode node(int id) {
        return nodes.get(id - 1);
    }

    RawClient connect(int id) {
        return RawClient.connect(node(id).clientPort());
    }

    void stop(int id) {
        NodeFixture.await(node(id).stop());
    }

    /** Starts the stopped node again, as another object on the same directory and ports. */
    void startAgain(int id) {
        NodeFixture.await(startAgainQuietly(id));
    }

    /** Likewise, for a node that needs others to become ready. */
    Future<WalrusNode> startAgainQuietly(int id) {
        nodes.set(id - 1, WalrusNode.create(vertx, node(id).options()));
        return node(id).start();
    }

    /** Stops the node without handing anything over. */
    void stopAtOnce(int id) {
        NodeFixture.await(node(id).stopAtOnce());
    }

    /** Stops the node as a crash would, and removes all of its files. */
    void wipe(int id) {
        NodeFixture.await(node(id).stopAtOnce());
        try (Stream<Path> all = Files.walk(dir.resolve("node" + id))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        nodes.forEach(node -> NodeFixture.await(node.stopAtOnce()));
        NodeFixture.await(vertx.close());
    }
}
