package io.walrus.node.peer;

import io.vertx.core.net.ClientSSLOptions;
import java.util.function.Supplier;

/**
 * Settings of the peer room.
 *
 * @param token what a connection between nodes shows to introduce itself
 * @param connectionsPerLoop connections from each event loop to each other node
 * @param requestTimeoutMillis how long one call may take
 * @param connectTimeoutMillis how long connecting may take
 * @param frameBytesMax longest request of a client of this cluster
 * @param tls how connections are secured at the moment; null: not at all
 */
public record PeerOptions(
        String token,
        int connectionsPerLoop,
        int requestTimeoutMillis,
        int connectTimeoutMillis,
        int frameBytesMax,
        Supplier<ClientSSLOptions> tls) {

    /**
     * How much longer a request between nodes may be than the client's own: another verb is in
     * front of it.
     */
    public static final int HEAD_BYTES_MAX = 256;
}
