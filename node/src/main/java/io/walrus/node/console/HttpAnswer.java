package io.walrus.node.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;

/**
 * One answer, with the headers that all of them have. Event loop, or where its future completes.
 */
final class HttpAnswer {

    private static final System.Logger LOG = System.getLogger(HttpAnswer.class.getName());

    private final HttpServerRequest request;

    HttpAnswer(HttpServerRequest request) {
        this.request = request;
        request.response()
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action"
                                + " 'none'; frame-ancestors 'none'");
    }

    void json(int status, String text) {
        request.response().setStatusCode(status);
        send("application/json", text);
    }

    /** What was wrong and what to do, as JSON. */
    void problem(int status, String message) {
        json(status, new JsonObject().put("error", message).encode());
    }

    void failed(Throwable cause) {
        LOG.log(System.Logger.Level.WARNING, "no answer for {0}: {1}", request.path(), cause);
        problem(500, "this node cannot tell at the moment; its log says why");
    }

    void send(String type, String text) {
        send(type, Buffer.buffer(text));
    }

    void send(String type, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        String charset = type.startsWith("text/") ? "; charset=utf-8" : "";
        response.putHeader("Content-Type", type + charset);
        if (request.method() == HttpMethod.HEAD) {
            response.putHeader("Content-Length", Integer.toString(body.length())).end();
        } else {
            response.end(body);
        }
    }

    HttpServerResponse response() {
        return request.response();
    }

    /**
     * A number of the query, or its default; empty if it was refused, and answered.
     *
     * @param fallback the default, and the least
     */
    OptionalLong number(String name, long fallback, long max) {
        String given = request.getParam(name);
        if (given == null) {
            return OptionalLong.of(fallback);
        }
        try {
            long number = Long.parseLong(given);
            if (fallback <= number && number <= max) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException told) {
            // told below, together with numbers out of range
        }
        problem(400, name + ": expected a number from " + fallback + " to " + max);
        return OptionalLong.empty();
    }
}
