package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Nodes in one process, with a port and a directory for each: a cluster to try things out on, and
 * for tests.
 *
 * <p>Any thread may call; only {@link #create} blocks. The nodes stop one beside the other, because
 * nobody is left to take over.
 */
public final class LocalCluster {

    /** The most nodes that make sense in one process. */
    public static final int NODES_MAX = 9;

    private final List<WalrusNode> nodes = new ArrayList<>();

    private LocalCluster() {}

    /**
     * A cluster that does nothing yet. What an earlier one left in the directory goes on.
     *
     * @param dir one folder for each node goes there; empty, or one of such a cluster
     * @param size how many nodes, from 1
     * @param firstClientPort for node 1, the others follow; 0 for free ones
     * @param change what all nodes are told besides
     * @throws IOException if the directory holds something else, or cannot be written
     */
    public static LocalCluster create(
            Vertx vertx,
            Path dir,
            int size,
            int firstClientPort,
            Consumer<NodeOptions.Draft> change)
            throws IOException {
        if (size < 1 || size > NODES_MAX) {
            throw new IllegalArgumentException(
                    "expected 1 to " + NODES_MAX + " nodes, got " + size);
        }
        LocalPorts ports = LocalPorts.of(dir, size, firstClientPort);
        var cluster = new LocalCluster();
        for (int id = 1; id <= size; id++) {
            NodeOptions options = options(dir, ports, id, change);
            cluster.nodes.add(WalrusNode.create(vertx, options));
        }
        return cluster;
    }

    private static NodeOptions options(
            Path dir, LocalPorts ports, int nodeId, Consumer<NodeOptions.Draft> change) {
        return NodeOptions.DEFAULTS.with(
                draft -> {
                    change.accept(draft);
                    draft.nodeId = nodeId;
                    draft.dataDir = dir.resolve("node" + nodeId).toString();
                    draft.clientPort = ports.client(nodeId);
                    draft.raftPort = ports.raft(nodeId);
                    draft.join = nodeId == 1 ? List.of() : List.of(ports.founder());
                });
    }

    /**
     * Starts all of them at once, since a restarted cluster needs most of its nodes to serve;
     * completes when all do.
     */
    public Future<LocalCluster> start() {
        return Future.join(nodes.stream().map(LocalCluster::start).toList()).map(this);
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
    public List<WalrusNode> nodes() {
        return List.copyOf(nodes);
    }

    /** Where clients find the nodes, as {@code --addr} wants it. */
    public String addresses() {
        return String.join(
                ",", nodes.stream().map(node -> "127.0.0.1:" + node.clientPort()).toList());
    }

    /** Stops all of them at once; completes when nothing of them is left but the files. */
    public Future<Void> stop() {
        return Future.join(nodes.stream().map(WalrusNode::stopAtOnce).toList()).mapEmpty();
    }
}
