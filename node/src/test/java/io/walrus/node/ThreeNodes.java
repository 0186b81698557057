package io.walrus.node;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Three real nodes in this JVM, on free ports, for one test. */
final class ThreeNodes implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Path dir;
    private final DevPorts ports;
    private final List<WalrusNode> nodes = new ArrayList<>();

    private ThreeNodes(Path dir) {
        this.dir = dir;
        try {
            ports = DevPorts.of(dir, 0);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    static ThreeNodes start(Path dir, Consumer<NodeOptions.Draft> change) {
        var three = new ThreeNodes(dir);
        try {
            var cluster = new DevCluster(three.vertx, dir, three.ports, change);
            NodeFixture.await(cluster.start());
            three.nodes.addAll(cluster.nodes());
            return three;
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
        NodeOptions options = node(id).options();
        nodes.set(id - 1, WalrusNode.create(vertx, options));
        NodeFixture.await(node(id).start());
    }

    Path directory(int id) {
        return dir.resolve("node" + id);
    }

    @Override
    public void close() {
        nodes.forEach(node -> NodeFixture.await(node.stopAtOnce()));
        NodeFixture.await(vertx.close());
    }
}
