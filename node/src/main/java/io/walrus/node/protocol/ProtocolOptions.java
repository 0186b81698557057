package io.walrus.node.protocol;

/**
 * Limits at the door.
 *
 * @param host address to listen on
 * @param frameBytesMax longest body of a frame, in bytes
 * @param connectionsMax open connections of the whole node; one more is told so and closed
 * @param inFlightRequestsMax unanswered requests of one connection, behind which it is not read
 * @param inFlightBytesMax bytes of unanswered requests of one connection, behind which it is not
 *     read
 * @param idleMillis a connection without any request for so long is closed; 0: never
 * @param frameMillis a frame must be whole so long after its first byte
 * @param slowReaderMillis a peer that takes no reply for so long is closed
 */
public record ProtocolOptions(
        String host,
        int frameBytesMax,
        int connectionsMax,
        int inFlightRequestsMax,
        int inFlightBytesMax,
        long idleMillis,
        long frameMillis,
        long slowReaderMillis) {

    public ProtocolOptions {
        require(
                1 <= frameBytesMax && frameBytesMax <= 64 << 20,
                "a frame limit of 1 byte to 64 MiB",
                frameBytesMax);
        require(1 <= connectionsMax, "at least 1 connection", connectionsMax);
        require(1 <= inFlightRequestsMax, "at least 1 request in flight", inFlightRequestsMax);
        require(1 <= inFlightBytesMax, "at least 1 byte in flight", inFlightBytesMax);
        require(0 <= idleMillis, "an idle time of 0 (never) or more", idleMillis);
        require(1 <= frameMillis, "a frame time-out of at least 1 ms", frameMillis);
        require(1 <= slowReaderMillis, "a slow-reader time-out of at least 1 ms", slowReaderMillis);
    }

    private static void require(boolean ok, String expected, long found) {
        if (!ok) {
            throw new IllegalArgumentException("expected " + expected + ", got " + found);
        }
    }
}
