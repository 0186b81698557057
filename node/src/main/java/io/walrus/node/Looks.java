package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for what nobody tells: looks again and again. Any thread; nothing blocks. */
final class Looks {

    private static final long EVERY_MILLIS = 5;

    private Looks() {}

    /**
     * Completes or fails as a look does, and fails after so long.
     *
     * @param look completes the promise, fails it, or leaves it as it is
     */
    static Future<Void> until(Vertx vertx, long millisMax, Consumer<Promise<Void>> look) {
        Promise<Void> promise = Promise.promise();
        lookOn(vertx, promise, look);
        return promise.future()
                .timeout(millisMax, TimeUnit.MILLISECONDS)
                .onFailure(promise::tryFail);
    }

    /**
     * A timer for each look: a periodic one that is set from another thread may fire before it can
     * be cancelled.
     */
    private static void lookOn(Vertx vertx, Promise<Void> promise, Consumer<Promise<Void>> look) {
        vertx.setTimer(
                EVERY_MILLIS,
                now -> {
                    if (!promise.future().isComplete()) {
                        lookOn(vertx, promise, look);
                        look.accept(promise);
                    }
                });
    }
}
