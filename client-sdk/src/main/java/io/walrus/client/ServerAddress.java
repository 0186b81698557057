package io.walrus.client;

import io.vertx.core.net.SocketAddress;

/** Reads {@code host}, {@code host:port}, {@code [v6]} and {@code [v6]:port}. */
final class ServerAddress {

    private ServerAddress() {}

    static SocketAddress parse(String text) {
        String host = text;
        int port = WalrusClientOptions.DEFAULT_PORT;
        int colon = text.lastIndexOf(':');
        boolean isBareV6 = !text.startsWith("[") && text.indexOf(':') != colon;
        if (colon > text.lastIndexOf(']') && !isBareV6) {
            host = text.substring(0, colon);
            port = port(text, text.substring(colon + 1));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()
                || host.chars()
                        .anyMatch(
                                character ->
                                        character <= ' ' || character == '[' || character == ']')) {
            throw refused(text);
        }
        return SocketAddress.inetSocketAddress(port, host);
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (1 <= port && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw refused(text);
        }
        throw refused(text);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "an address is host or host:port (1-65535), such as "
                        + WalrusClientOptions.DEFAULT_ADDRESS
                        + "; came: '"
                        + text
                        + "'");
    }
}
