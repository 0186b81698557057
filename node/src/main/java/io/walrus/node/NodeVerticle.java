package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * A node by deployment; its options come as the deployment's JSON configuration, see {@link
 * NodeOptions#fromJson}.
 *
 * <p>Undeploying stops the node and leaves nothing behind; deploying again on the same directory
 * works.
 */
public final class NodeVerticle extends VerticleBase {

    private WalrusNode node;

    @Override
    public Future<?> start() {
        node = WalrusNode.create(vertx, NodeOptions.fromJson(config().encode()));
        return node.start();
    }

    @Override
    public Future<?> stop() {
        return node.stop();
    }
}
