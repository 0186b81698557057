package io.walrus.metadata.raft;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses a port that a member can keep for good. A port that the system gives for the asking is
 * also one that it gives to outgoing connections: while the member is away, anybody's connection
 * may sit on it, and the member cannot come back under its address.
 */
final class KeptPort {

    /** Below it are services that people choose by hand. */
    static final int FIRST = 10_240;

    /** Linux hands out ports from 32,768 on to outgoing connections, other systems from 49,152. */
    static final int LAST = 32_767;

    private static final int TRIES_MAX = 200;

    private KeptPort() {}

    /** A port that nobody listens on at that address, in this moment. */
    static int free(String host) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        IOException last = null;
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try (var socket = new ServerSocket(port, 1, address)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new IOException(
                "found no free port of %s between %d and %d".formatted(host, FIRST, LAST), last);
    }
}
