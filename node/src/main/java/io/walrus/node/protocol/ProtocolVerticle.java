package io.walrus.node.protocol;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.walrus.node.access.AccessGate;
import io.walrus.node.access.AccessRules;
import io.walrus.node.observe.DoorCounts;
import io.walrus.node.observe.NodeReports;
import io.walrus.node.routing.Router;
import io.walrus.protocol.ErrorCode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Listens for clients; deploy one instance per event loop, all on one shared port.
 *
 * <p>Errors: the deployment fails if the address cannot be listened on.
 */
public final class ProtocolVerticle extends VerticleBase {

    private static final long CHECKS_PER_LIMIT = 4;

    private final ProtocolOptions options;
    private final int port;
    private final Future<Desk> desk;
    private final ServerSSLOptions tls;
    private final DoorCounts counts;
    private final LongSupplier clockNanos;
    private final Set<ClientSession> sessions = new HashSet<>();
    private NetServer server;

    /**
     * @param port the port to share; a negative number for a free one that all instances with this
     *     number share
     * @param desk completes when the node is ready to serve
     * @param tls how the port is secured; null: plain TCP
     * @param counts counts who comes to all instances of a node
     */
    public ProtocolVerticle(
            ProtocolOptions options,
            int port,
            Future<Desk> desk,
            ServerSSLOptions tls,
            DoorCounts counts,
            LongSupplier clockNanos) {
        this.options = options;
        this.port = port;
        this.desk = desk;
        this.tls = tls;
        this.counts = counts;
        this.clockNanos = clockNanos;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(checkMillis(), tick -> checkTimes());
        server = vertx.createNetServer(serverOptions());
        return server.connectHandler(this::welcome).listen();
    }

    private NetServerOptions serverOptions() {
        var net =
                new NetServerOptions()
                        .setHost(options.host())
                        .setPort(port)
                        .setTcpNoDelay(true)
                        .setReuseAddress(true);
        if (tls != null) {
            net.setSsl(true)
                    .setKeyCertOptions(tls.getKeyCertOptions())
                    .setTrustOptions(tls.getTrustOptions())
                    .setClientAuth(tls.getClientAuth())
                    .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols());
        }
        return net;
    }

    /** Takes other certificates for connections from now on; any thread. */
    public Future<Void> secure(ServerSSLOptions changed) {
        return server.updateSSLOptions(changed).mapEmpty();
    }

    /** The port that is listened on; known once the deployment has succeeded. */
    public int actualPort() {
        return server.actualPort();
    }

    private long checkMillis() {
        long shortest = Math.min(options.frameMillis(), options.slowReaderMillis());
        if (options.idleMillis() > 0) {
            shortest = Math.min(shortest, options.idleMillis());
        }
        return Math.max(1, Math.min(1_000, shortest / CHECKS_PER_LIMIT));
    }

    private void checkTimes() {
        long now = clockNanos.getAsLong();
        for (ClientSession session : sessions) {
            if (session.isLate(now)) {
                counts.late();
            }
        }
    }

    /** What requests are brought to, once the node is ready. */
    public record Desk(
            Router router,
            NodeReports reports,
            Membership membership,
            Supplier<AccessRules> access,
            Predicate<String> peerTokens) {
        boolean isPeerToken(String token) {
            return peerTokens.test(token);
        }
    }

    /** A connection that comes before the node is ready is kept and not read until then. */
    private void welcome(NetSocket socket) {
        Context context = vertx.getOrCreateContext();
        counts.opened();
        socket.closeHandler(closed -> counts.closed());
        socket.pause();
        desk.onSuccess(open -> context.runOnContext(ready -> serve(socket, context, open)))
                .onFailure(stopping -> socket.close());
    }

    private void serve(NetSocket socket, Context context, Desk open) {
        var session =
                new ClientSession(
                        socket,
                        context,
                        new RunStarter(context, open, new AccessGate(open.access())),
                        options,
                        clockNanos.getAsLong());
        sessions.add(session);
        socket.handler(read -> session.onRead(read, clockNanos.getAsLong()));
        socket.drainHandler(drained -> session.onDrain());
        socket.exceptionHandler(reset -> socket.close());
        socket.closeHandler(
                closed -> {
                    counts.closed();
                    sessions.remove(session);
                    session.onClosed();
                });
        if (counts.open() > options.connectionsMax()) {
            counts.refused();
            session.refuseAndClose(
                    ErrorCode.BUSY,
                    "this node serves " + options.connectionsMax() + " connections already");
        }
        socket.resume();
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }
}
