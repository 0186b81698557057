package io.walrus.node;

import io.vertx.core.Deployable;
import io.vertx.core.Promise;
import io.vertx.core.spi.VerticleFactory;
import java.util.concurrent.Callable;

/**
 * Lets an application deploy a node by the name {@code walrus:node}; found by Vert.x as a service.
 */
public final class NodeVerticleFactory implements VerticleFactory {

    private static final String NAME = "node";

    @Override
    public String prefix() {
        return "walrus";
    }

    @Override
    public void createVerticle2(
            String verticleName,
            ClassLoader classLoader,
            Promise<Callable<? extends Deployable>> promise) {
        String name = VerticleFactory.removePrefix(verticleName);
        if (name.equals(NAME)) {
            promise.complete(NodeVerticle::new);
        } else {
            promise.fail(
                    new IllegalArgumentException(
                            "expected walrus:node, got " + verticleName + "; there is no other"));
        }
    }
}
