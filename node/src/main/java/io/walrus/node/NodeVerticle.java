package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.Optional;

/**
 * A node by deployment, as {@code walrus:node} or by this class; its options come as the
 * deployment's JSON configuration, see {@link NodeOptions#fromJson}.
 *
 * <p>{@link WalrusNode#deployed} finds the running node. Undeploying stops it and leaves nothing
 * behind; deploying again on the same directory works.
 */
public final class NodeVerticle extends VerticleBase {

    private static final String NODES = "walrus.nodes";

    private record Deployed(WalrusNode node) implements Shareable {}

    private WalrusNode node;

    @Override
    public Future<?> start() {
        node = WalrusNode.create(vertx, NodeOptions.fromJson(config().encode()));
        return node.start()
                .onSuccess(
                        started -> nodes(vertx).put(node.options().nodeId(), new Deployed(node)));
    }

    @Override
    public Future<?> stop() {
        nodes(vertx).removeIfPresent(node.options().nodeId(), new Deployed(node));
        return node.stop();
    }

    static Optional<WalrusNode> find(Vertx vertx, int nodeId) {
        return Optional.ofNullable(nodes(vertx).get(nodeId)).map(Deployed::node);
    }

    private static LocalMap<Integer, Deployed> nodes(Vertx vertx) {
        return vertx.sharedData().getLocalMap(NODES);
    }
}
