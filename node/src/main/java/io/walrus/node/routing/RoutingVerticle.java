package io.walrus.node.routing;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.walrus.metadata.MetadataService;

/**
 * Owns the timers of the routing room, on one event loop: the lease sync and the rollover monitor.
 *
 * <p>Deploy it after storage and metadata are open, one instance.
 */
public final class RoutingVerticle extends VerticleBase {

    private final Router router;
    private final MetadataService metadata;
    private final RoutingOptions options;
    private MetadataService.Subscription subscription;

    public RoutingVerticle(Router router, MetadataService metadata, RoutingOptions options) {
        this.router = router;
        this.metadata = metadata;
        this.options = options;
    }

    @Override
    public Future<?> start() {
        subscription = metadata.onChange(router::onChange);
        router.start();
        vertx.setPeriodic(options.leaseSyncMillis(), tick -> router.tick());
        vertx.setPeriodic(options.monitorMillis(), tick -> router.monitor());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        subscription.close();
        return Future.succeededFuture();
    }
}
