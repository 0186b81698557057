package io.walrus.node.console;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.walrus.node.observe.DoorCounts;
import io.walrus.node.observe.Observatory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Listens for HTTP: metrics, health, the API and the console page. Read-only.
 *
 * <p>Deploy one instance on an event loop. The deployment fails if the address cannot be listened
 * on. Closing ends all connections, live ones included.
 */
public final class ConsoleVerticle extends VerticleBase {

    private static final long BEAT_MILLIS = 1_000;

    /** Who brings no request goes first, and is counted; this is for who takes no answer. */
    private static final long IDLE_MILLIS_MORE = 1_000;

    private static final int HEADER_BYTES_MAX = 8 << 10;

    private final ConsoleOptions options;
    private final ServerSSLOptions tls;
    private final Observatory observatory;
    private final EntrySource entries;
    private final Predicate<String> mayLook;
    private final DoorCounts counts;
    private HttpServer server;

    /**
     * @param tls how the port is secured; null: plain HTTP
     * @param mayLook whether somebody who shows that token, or none, may see what is here; asked on
     *     the event loop for each request
     * @param counts counts who comes
     */
    public ConsoleVerticle(
            ConsoleOptions options,
            ServerSSLOptions tls,
            Observatory observatory,
            EntrySource entries,
            Predicate<String> mayLook,
            DoorCounts counts) {
        this.mayLook = mayLook;
        this.counts = counts;
        this.options = options;
        this.tls = tls;
        this.observatory = observatory;
        this.entries = entries;
    }

    @Override
    public Future<?> start() {
        var live = new LiveFeed(vertx, observatory);
        var door =
                new HttpDoor(
                        vertx,
                        options,
                        observatory,
                        new Browse(options, entries),
                        live,
                        new Page(),
                        mayLook);
        vertx.setPeriodic(
                BEAT_MILLIS,
                tick -> {
                    observatory.beat();
                    live.tell();
                });
        observatory.beat();
        server = vertx.createHttpServer(serverOptions());
        var guests = new HttpGuests(vertx, options, counts);
        return server.connectionHandler(guests::welcome)
                .requestHandler(request -> door.answer(request, guests.isSeated(request)))
                .listen();
    }

    private HttpServerOptions serverOptions() {
        var http =
                new HttpServerOptions()
                        .setHost(options.host())
                        .setPort(options.port())
                        .setIdleTimeout(Math.toIntExact(options.requestMillis() + IDLE_MILLIS_MORE))
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setMaxHeaderSize(HEADER_BYTES_MAX)
                        .setCompressionSupported(false)
                        // Or a connection would be nobody's until it says which HTTP it speaks.
                        .setHttp2ClearTextEnabled(false);
        if (tls != null) {
            // One version of HTTP, with or without TLS.
            http.setUseAlpn(false)
                    .setSsl(true)
                    .setKeyCertOptions(tls.getKeyCertOptions())
                    .setTrustOptions(tls.getTrustOptions())
                    .setClientAuth(tls.getClientAuth())
                    .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols());
        }
        return http;
    }

    /** Takes other certificates for connections from now on; any thread. */
    public Future<Void> secure(ServerSSLOptions changed) {
        return server.updateSSLOptions(changed).mapEmpty();
    }

    /** The port that is listened on; known once the deployment has succeeded. */
    public int actualPort() {
        return server.actualPort();
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }
}
