package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.walrus.node.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whether and how the client port, and the HTTP port with it, speak TLS. Certificates are read
 * again when their files change, without a restart.
 */
final class DoorTls {

    private record Read(ServerSSLOptions server, ClientSSLOptions peers) {}

    private final WatchedFiles<Read> watched;
    private final Consumer<ServerSSLOptions> whenChanged;
    private volatile Read current;

    /**
     * @param whenChanged takes the options for ports after each change of the files
     */
    DoorTls(Vertx vertx, NodeOptions options, Consumer<ServerSSLOptions> whenChanged) {
        this.whenChanged = whenChanged;
        this.watched =
                filesOf(options)
                        .map(
                                files ->
                                        new WatchedFiles<>(
                                                vertx,
                                                files.all(),
                                                () -> new Read(files.forServer(), files.forPeers()),
                                                this::take))
                        .orElse(null);
    }

    private static Optional<TlsFiles> filesOf(NodeOptions options) {
        return options.tlsCert().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new TlsFiles(
                                Path.of(options.tlsCert()),
                                Path.of(options.tlsKey()),
                                Optional.of(options.tlsCa())
                                        .filter(ca -> !ca.isEmpty())
                                        .map(Path::of)));
    }

    private void take(Read read) {
        boolean first = current == null;
        current = read;
        if (!first) {
            whenChanged.accept(read.server());
        }
    }

    /** Reads the files, if there are any to read. */
    Future<Void> start() {
        return watched == null ? Future.succeededFuture() : watched.start();
    }

    void stop() {
        if (watched != null) {
            watched.stop();
        }
    }

    /** For the client port; null: plain TCP. */
    ServerSSLOptions forServer() {
        Read now = current;
        return now == null ? null : now.server();
    }

    /** For connections to other nodes; null: plain TCP. */
    ClientSSLOptions forPeers() {
        Read now = current;
        return now == null ? null : now.peers();
    }
}
