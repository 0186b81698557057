package io.walrus.node;

/**
 * An address under which others reach a port of this node, where that is not the one it listens on:
 * behind a forwarded port or another name.
 *
 * @param host empty: the one that is listened on
 * @param port 0: the one that is listened on
 */
record Advertised(String host, int port) {

    private static final int PORT_MAX = 65_535;

    /** Reads {@code host} or {@code host:port}; an empty text is nothing in particular. */
    static Advertised parse(String what, String text, boolean needsPort) {
        int colon = text.lastIndexOf(':');
        boolean isPlain = text.isEmpty() || colon < 0 && !needsPort;
        if (isPlain) {
            return new Advertised(text, 0);
        }
        String digits = text.substring(colon + 1);
        boolean isNumber = digits.matches("[0-9]{1,5}");
        int port = isNumber ? Integer.parseInt(digits) : 0;
        if (colon < 1 || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "%s: expected %s, got '%s'"
                            .formatted(what, needsPort ? "host:port" : "host or host:port", text));
        }
        return new Advertised(text.substring(0, colon), port);
    }

    String hostOr(String listened) {
        return host.isEmpty() ? listened : host;
    }

    int portOr(int listened) {
        return port == 0 ? listened : port;
    }
}
