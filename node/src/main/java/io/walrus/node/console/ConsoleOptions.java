package io.walrus.node.console;

/**
 * Where the HTTP port is.
 *
 * @param host address to listen on; beyond the loopback address no entry's bytes are shown
 * @param port port to listen on; 0 picks a free one
 */
public record ConsoleOptions(String host, int port) {

    /** True if only this machine can connect. */
    boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
