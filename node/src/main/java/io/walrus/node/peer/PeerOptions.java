package io.walrus.node.peer;

/**
 * Settings of the peer room.
 *
 * @param token what a connection between nodes shows to introduce itself
 * @param connectionsPerNode pooled connections to each other node
 * @param requestTimeoutMillis how long one call may take
 * @param connectTimeoutMillis how long connecting may take
 * @param frameBytesMax longest request of a client of this cluster
 */
public record PeerOptions(
        String token,
        int connectionsPerNode,
        int requestTimeoutMillis,
        int connectTimeoutMillis,
        int frameBytesMax) {

    /**
     * How much longer a request between nodes may be than the client's own: another verb is in
     * front of it.
     */
    public static final int HEAD_BYTES_MAX = 256;
}
