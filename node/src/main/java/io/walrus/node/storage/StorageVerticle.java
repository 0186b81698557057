package io.walrus.node.storage;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;

/**
 * Opens and closes the segment store on a worker thread and lends it a worker pool.
 *
 * <p>Deploy it with the worker threading model, one instance. Closing drains all writes before
 * Vert.x may interrupt a worker.
 */
public final class StorageVerticle extends VerticleBase {

    private final SegmentStore store;
    private final String poolName;
    private final int workers;
    private WorkerExecutor pool;

    public StorageVerticle(SegmentStore store, String poolName, int workers) {
        this.store = store;
        this.poolName = poolName;
        this.workers = workers;
    }

    @Override
    public Future<?> start() {
        pool = vertx.createSharedWorkerExecutor(poolName, workers);
        try {
            store.open(this::execute);
        } catch (RuntimeException refused) {
            pool.close();
            return Future.failedFuture(refused);
        }
        return Future.succeededFuture();
    }

    private void execute(Runnable work) {
        pool.executeBlocking(
                () -> {
                    work.run();
                    return null;
                },
                false);
    }

    @Override
    public Future<?> stop() {
        store.close();
        return pool.close();
    }
}
