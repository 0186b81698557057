package io.walrus.node.console;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.walrus.node.observe.Observatory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sends a picture of the node to every open console once a second, as server-sent events.
 *
 * <p>One event loop. A console that does not read is left out until it does; the oldest makes room
 * for the newest when too many are open.
 */
final class LiveFeed {

    private static final int CONSOLES_MAX = 50;

    private final Vertx vertx;
    private final Observatory observatory;
    private final Map<HttpServerResponse, Long> consoles = new LinkedHashMap<>();

    LiveFeed(Vertx vertx, Observatory observatory) {
        this.vertx = vertx;
        this.observatory = observatory;
    }

    /** The number of the last event that the page has comes as {@code after}. */
    void add(HttpServerRequest request, HttpAnswer answer) {
        var after = answer.number("after", 0, Long.MAX_VALUE);
        if (after.isEmpty()) {
            return;
        }
        if (request.method() == HttpMethod.HEAD) {
            answer.send("text/event-stream", "");
            return;
        }
        if (consoles.size() >= CONSOLES_MAX) {
            HttpServerResponse oldest = consoles.keySet().iterator().next();
            consoles.remove(oldest);
            oldest.end();
        }
        HttpServerResponse response = answer.response();
        response.putHeader("Content-Type", "text/event-stream").setChunked(true);
        response.closeHandler(closed -> consoles.remove(response));
        response.exceptionHandler(broken -> consoles.remove(response));
        consoles.put(response, after.getAsLong());
        send(response, after.getAsLong());
    }

    /** Sends the picture of this second. */
    void tell() {
        Map.copyOf(consoles)
                .forEach(
                        (response, after) -> {
                            if (!response.writeQueueFull()) {
                                send(response, after);
                            }
                        });
    }

    private void send(HttpServerResponse response, long after) {
        long newest = observatory.lastEvent();
        vertx.executeBlocking(() -> observatory.live(after), false)
                .compose(Future::fromCompletionStage)
                .onSuccess(picture -> write(response, picture, newest));
    }

    /** The events up to {@code newest} are in the picture; some behind it may come twice. */
    private void write(HttpServerResponse response, String picture, long newest) {
        if (!response.closed() && consoles.replace(response, newest) != null) {
            response.write("data: " + picture + "\n\n");
        }
    }
}
