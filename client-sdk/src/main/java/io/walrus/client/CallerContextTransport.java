package io.walrus.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;

/** Brings replies of a transport that completes anywhere back to the context of each caller. */
final class CallerContextTransport implements CommandTransport {

    private final CommandTransport transport;
    private final Context ownContext;

    CallerContextTransport(Vertx vertx, CommandTransport transport) {
        this.transport = transport;
        this.ownContext = vertx.getOrCreateContext();
    }

    @Override
    public Future<Reply> send(Command command) {
        return here(transport.send(command));
    }

    @Override
    public Future<Reply> sendApart(Command.Wait command) {
        return here(transport.sendApart(command));
    }

    @Override
    public Future<Void> close() {
        return here(transport.close());
    }

    private <T> Future<T> here(Future<T> elsewhere) {
        Context current = Vertx.currentContext();
        Context caller = current == null ? ownContext : current;
        Promise<T> promise = Promise.promise();
        elsewhere.onComplete(result -> deliver(caller, promise, result));
        return promise.future();
    }

    private static <T> void deliver(Context caller, Promise<T> promise, AsyncResult<T> result) {
        if (Vertx.currentContext() == caller) {
            complete(promise, result);
        } else {
            caller.runOnContext(turn -> complete(promise, result));
        }
    }

    private static <T> void complete(Promise<T> promise, AsyncResult<T> result) {
        if (result.succeeded()) {
            promise.complete(result.result());
        } else {
            promise.fail(result.cause());
        }
    }
}
