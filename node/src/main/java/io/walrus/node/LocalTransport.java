package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.walrus.client.CommandTransport;
import io.walrus.node.protocol.LocalVerticle;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;

/** The way from a client to the node in the same process; any thread. */
final class LocalTransport implements CommandTransport {

    private final LocalVerticle.Door door;

    LocalTransport(LocalVerticle.Door door) {
        this.door = door;
    }

    @Override
    public Future<Reply> send(Command command) {
        Promise<Reply> reply = Promise.promise();
        door.ask(command, reply::complete);
        return reply.future();
    }

    @Override
    public Future<Void> close() {
        return door.close();
    }
}
