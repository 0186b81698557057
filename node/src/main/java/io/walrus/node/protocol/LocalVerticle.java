package io.walrus.node.protocol;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The door for clients in the node's own process; deploy one instance, on an event loop.
 * Undeploying it answers what is under way and refuses the rest.
 */
public final class LocalVerticle extends VerticleBase {

    /** A way in for one client; {@link LocalSession} says what holds. */
    public interface Door {
        /** Carries out one command; any thread. The answer comes once, also for a refusal. */
        void ask(Command command, Consumer<Reply> answer);

        /** Refuses what comes from now on; completes when everything before it is answered. */
        Future<Void> close();
    }

    private final ProtocolOptions options;
    private final Future<ProtocolVerticle.Desk> desk;
    private final List<LocalSession> sessions = new CopyOnWriteArrayList<>();

    /**
     * @param desk completes when the node is ready to serve
     */
    public LocalVerticle(ProtocolOptions options, Future<ProtocolVerticle.Desk> desk) {
        this.options = options;
        this.desk = desk;
    }

    /** Any thread, once the deployment has succeeded. */
    public Door open() {
        var session = new LocalSession(context, desk, options);
        sessions.add(session);
        return new Door() {
            @Override
            public void ask(Command command, Consumer<Reply> answer) {
                session.ask(command, answer);
            }

            @Override
            public Future<Void> close() {
                return session.finish().onComplete(finished -> sessions.remove(session));
            }
        };
    }

    @Override
    public Future<?> start() {
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return Future.join(sessions.stream().map(LocalSession::finish).toList());
    }
}
