package io.walrus.node.console;

/**
 * Where the HTTP port is, and how many may come.
 *
 * @param host address to listen on; beyond the loopback address no entry's bytes are shown
 * @param port port to listen on; 0 picks a free one
 * @param connectionsMax open connections; one more is told so and closed
 * @param requestMillis a connection that brings no whole request for so long is closed, and one
 *     that takes nothing of an answer
 */
public record ConsoleOptions(String host, int port, int connectionsMax, long requestMillis) {

    private static final long REQUEST_MILLIS_MAX = 86_400_000;

    public ConsoleOptions {
        require(1 <= connectionsMax, "at least 1 HTTP connection", connectionsMax);
        require(
                1 <= requestMillis && requestMillis <= REQUEST_MILLIS_MAX,
                "an HTTP time-out of 1 ms to a day",
                requestMillis);
    }

    private static void require(boolean ok, String expected, long found) {
        if (!ok) {
            throw new IllegalArgumentException("expected " + expected + ", got " + found);
        }
    }

    /** True if only this machine can connect. */
    boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
