package io.walrus.node.browser;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Commands to one page of a browser, and what it tells by itself; for threads that may wait. */
final class DevTools implements AutoCloseable {

    private static final long SECONDS_MAX = 60;
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient client =
            vertx.createWebSocketClient(
                    new WebSocketClientOptions()
                            .setMaxFrameSize(MESSAGE_BYTES_MAX)
                            .setMaxMessageSize(MESSAGE_BYTES_MAX));
    private final ClientWebSocket socket = client.webSocket();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, Promise<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final List<JsonObject> told = new CopyOnWriteArrayList<>();
    private volatile String session;

    private DevTools() {}

    /** Opens a page of its own in the browser that listens there. */
    static DevTools connect(int port, String path) {
        var tools = new DevTools();
        try {
            tools.socket.textMessageHandler(text -> tools.take(new JsonObject(text)));
            // A browser refuses whoever says that a web page sent it.
            wait(
                    tools.socket.connect(
                            new WebSocketConnectOptions()
                                    .setHost("127.0.0.1")
                                    .setPort(port)
                                    .setURI(path)
                                    .setAllowOriginHeader(false)));
            String target =
                    tools.ask("Target.createTarget", new JsonObject().put("url", "about:blank"))
                            .getString("targetId");
            tools.session =
                    tools.ask(
                                    "Target.attachToTarget",
                                    new JsonObject().put("targetId", target).put("flatten", true))
                            .getString("sessionId");
            return tools;
        } catch (RuntimeException failed) {
            tools.close();
            throw failed;
        }
    }

    private void take(JsonObject message) {
        Promise<JsonObject> asked =
                message.containsKey("id") ? waiting.remove(message.getInteger("id")) : null;
        if (asked == null) {
            told.add(message);
        } else if (message.containsKey("error")) {
            asked.fail(message.getJsonObject("error").encode());
        } else {
            asked.complete(message.getJsonObject("result"));
        }
    }

    JsonObject ask(String method) {
        return ask(method, new JsonObject());
    }

    JsonObject ask(String method, JsonObject parameters) {
        int id = ids.incrementAndGet();
        var message =
                new JsonObject().put("id", id).put("method", method).put("params", parameters);
        if (session != null) {
            message.put("sessionId", session);
        }
        Promise<JsonObject> answer = Promise.promise();
        waiting.put(id, answer);
        wait(socket.writeTextMessage(message.encode()));
        return wait(answer.future());
    }

    /** The parameters of all events of that name so far. */
    List<JsonObject> told(String method) {
        return told.stream()
                .filter(event -> method.equals(event.getString("method")))
                .map(event -> event.getJsonObject("params"))
                .toList();
    }

    void forget() {
        told.clear();
    }

    private static <T> T wait(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException("the browser's DevTools: " + failed, failed);
        }
    }

    @Override
    public void close() {
        wait(vertx.close());
    }
}
