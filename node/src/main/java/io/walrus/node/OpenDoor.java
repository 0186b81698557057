package io.walrus.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** What somebody should know who opens the client port to other machines as it is. */
final class OpenDoor {

    private OpenDoor() {}

    /** One line; empty if only this machine reaches the port, or tokens and TLS guard it. */
    static Optional<String> warning(NodeOptions options) {
        boolean hasTokens = !options.tokensFile().isEmpty();
        boolean hasTls = !options.tlsCert().isEmpty();
        if (options.clientPort() == NodeOptions.NO_PORT
                || hasTokens && hasTls
                || isLoopback(options.clientHost())) {
            return Optional.empty();
        }
        String what =
                hasTokens
                        ? "tokens and entries cross the network as they are; --tls-cert encrypts"
                                + " them"
                        : "whoever reaches it may read, write and delete; --tokens asks who it is"
                                + (hasTls ? "" : ", --tls-cert encrypts");
        return Optional.of("the client port is open on " + options.clientHost() + ": " + what);
    }

    /** A name that nobody knows fails at the start, which says so better. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return true;
        }
    }
}
