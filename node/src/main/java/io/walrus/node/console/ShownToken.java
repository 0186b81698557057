package io.walrus.node.console;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * The token that a request shows: {@code Bearer TOKEN} from programs, or as the password of {@code
 * Basic}, which every browser asks its user for and then sends with the page's own requests too.
 */
final class ShownToken {

    /** Asks for either; the browser shows the text. */
    static final String CHALLENGE = "Basic realm=\"walrus: the password is a token\"";

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private ShownToken() {}

    /** Empty if there is none, or none that can be read. */
    static String of(HttpServerRequest request) {
        return in(request.getHeader("Authorization"));
    }

    static String in(String header) {
        String scheme = header == null ? "" : header.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BEARER)) {
            return header.substring(BEARER.length()).strip();
        }
        return scheme.startsWith(BASIC) ? passwordIn(header.substring(BASIC.length())) : "";
    }

    private static String passwordIn(String encoded) {
        try {
            byte[] decoded = Base64.getDecoder().decode(encoded.strip());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
