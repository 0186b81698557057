package io.walrus.client;

import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;

/**
 * Tells when the verticle that a context belongs to is undeployed, or else when its Vert.x closes.
 *
 * <p>The only place that knows the internal part of Vert.x, which has no public word for this.
 */
final class VerticleEnd implements Closeable {

    private final ContextInternal context;
    private final Runnable action;

    private VerticleEnd(Context context, Runnable action) {
        this.context = (ContextInternal) context;
        this.action = action;
    }

    /** Runs the action then, unless it is cancelled before; the action must not block. */
    static VerticleEnd of(Context context, Runnable action) {
        var end = new VerticleEnd(context, action);
        end.context.addCloseHook(end);
        return end;
    }

    void cancel() {
        context.removeCloseHook(this);
    }

    @Override
    public void close(Completable<Void> completion) {
        action.run();
        completion.succeed();
    }
}
