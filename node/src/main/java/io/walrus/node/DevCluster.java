package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Three nodes in one process, with a port and a directory for each: a cluster to try things out on.
 *
 * <p>Any thread may call; nothing blocks. They stop one beside the other, because nobody is left to
 * take over.
 */
final class DevCluster {

    static final int NODES = 3;

    private final List<WalrusNode> nodes = new ArrayList<>();

    /**
     * @param dir one folder for each node goes there
     * @param ports what the directory says about ports, and what is free
     * @param change what all nodes are told besides
     */
    DevCluster(Vertx vertx, Path dir, DevPorts ports, Consumer<NodeOptions.Draft> change) {
        for (int id = 1; id <= NODES; id++) {
            int nodeId = id;
            NodeOptions options =
                    NodeOptions.DEFAULTS.with(
                            draft -> {
                                change.accept(draft);
                                draft.nodeId = nodeId;
                                draft.dataDir = dir.resolve("node" + nodeId).toString();
                                draft.clientPort = ports.client(nodeId);
                                draft.raftPort = ports.raft(nodeId);
                                draft.join = nodeId == 1 ? List.of() : List.of(ports.founder());
                            });
            nodes.add(WalrusNode.create(vertx, options));
        }
    }

    /**
     * Starts all of them at once, since a restarted cluster needs most of its nodes to serve;
     * completes when all three do.
     */
    Future<DevCluster> start() {
        return Future.join(nodes.stream().map(DevCluster::start).toList()).map(this);
    }

    private static Future<WalrusNode> start(WalrusNode node) {
        return node.start()
                .recover(
                        failure ->
                                Future.failedFuture(
                                        new IllegalStateException(
                                                "node %d: %s"
                                                        .formatted(
                                                                node.options().nodeId(),
                                                                StartFailure.explain(
                                                                        failure, node.options())),
                                                failure)));
    }

    /** The nodes, in the order of their ids. */
    List<WalrusNode> nodes() {
        return List.copyOf(nodes);
    }

    /** Where clients find the nodes, as {@code --addr} wants it. */
    String addresses() {
        return String.join(
                ",", nodes.stream().map(node -> "127.0.0.1:" + node.clientPort()).toList());
    }

    Future<Void> stop() {
        return Future.join(nodes.stream().map(WalrusNode::stopAtOnce).toList()).mapEmpty();
    }
}
