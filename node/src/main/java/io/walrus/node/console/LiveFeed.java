package io.walrus.node.console;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.walrus.node.observe.Observatory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

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
    private final Map<HttpServerResponse, Watch> consoles = new LinkedHashMap<>();

    /** The last event that a console has, and whether it may still look. */
    private record Watch(long after, BooleanSupplier mayLook) {}

    LiveFeed(Vertx vertx, Observatory observatory) {
        this.vertx = vertx;
        this.observatory = observatory;
    }

    /** The number of the last event that the page has comes as {@code after}. */
    void add(HttpServerRequest request, HttpAnswer answer, BooleanSupplier mayLook) {
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
        consoles.put(response, new Watch(after.getAsLong(), mayLook));
        send(response, after.getAsLong());
    }

    /** Sends the picture of this second. */
    void tell() {
        Map.copyOf(consoles)
                .forEach(
                        (response, watch) -> {
                            if (!watch.mayLook().getAsBoolean()) {
                                consoles.remove(response);
                                response.end();
                            } else if (!response.writeQueueFull()) {
                                send(response, watch.after());
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
        Watch there =
                consoles.computeIfPresent(
                        response, (key, watch) -> new Watch(newest, watch.mayLook()));
        if (!response.closed() && there != null) {
            response.write("data: " + picture + "\n\n");
        }
    }
}
