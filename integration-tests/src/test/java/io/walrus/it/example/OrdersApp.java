package io.walrus.it.example;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.walrus.client.Entry;
import io.walrus.client.Place;
import io.walrus.client.TopicReader;
import io.walrus.client.TopicReaderOptions;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.node.WalrusNode;

/**
 * A web application with a Walrus node inside: {@code POST /orders} stores the body, and {@code GET
 * /orders/events} follows all orders as server-sent events, from the first one or from behind the
 * {@code Last-Event-ID} that a browser sends after a lost connection.
 *
 * <p>Run it with the jar alone, on a port and a directory:
 *
 * <pre>
 * java -cp node/target/walrus.jar integration-tests/src/test/java/io/walrus/it/example/OrdersApp.java 8000 ./orders
 * </pre>
 */
public final class OrdersApp extends VerticleBase {

    private static final String TOPIC = "orders";

    private final int port;
    private final String dataDir;
    private WalrusClient client;

    /** A port of 0 is a free one. */
    public OrdersApp(int port, String dataDir) {
        this.port = port;
        this.dataDir = dataDir;
    }

    /** Starts the application and says where it listens. */
    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("usage: OrdersApp PORT DIRECTORY");
            System.exit(2);
        }
        Vertx vertx = Vertx.vertx();
        vertx.deployVerticle(new OrdersApp(Integer.parseInt(args[0]), args[1]))
                .onFailure(
                        failure -> {
                            System.err.println("orders: " + failure.getMessage());
                            vertx.close();
                        });
    }

    @Override
    public Future<?> start() {
        JsonObject node =
                new JsonObject().put("dataDir", dataDir).put("clientPort", -1).put("raftPort", 0);
        return vertx.deployVerticle("walrus:node", new DeploymentOptions().setConfig(node))
                .compose(
                        id -> {
                            client = WalrusNode.deployed(vertx, 1).orElseThrow().client();
                            return client.register(TOPIC);
                        })
                .compose(
                        registered ->
                                vertx.createHttpServer().requestHandler(this::route).listen(port))
                .onSuccess(
                        server ->
                                System.out.println(
                                        "orders: http://127.0.0.1:" + server.actualPort()));
    }

    private void route(HttpServerRequest request) {
        if (request.method() == HttpMethod.POST && request.path().equals("/orders")) {
            store(request);
        } else if (request.method() == HttpMethod.GET && request.path().equals("/orders/events")) {
            follow(request);
        } else {
            request.response().setStatusCode(404).end("POST /orders or GET /orders/events\n");
        }
    }

    /** Answers when the order is durable. */
    private void store(HttpServerRequest request) {
        request.body()
                .compose(order -> client.append(TOPIC, order))
                .onSuccess(place -> request.response().setStatusCode(201).end(place + "\n"))
                .onFailure(failure -> refuse(request.response(), failure));
    }

    /** 503 asks the caller to try again, 500 to look first whether the order is there. */
    private static void refuse(HttpServerResponse response, Throwable failure) {
        boolean mayRetry = failure instanceof WalrusClientException known && known.mayRetry();
        response.setStatusCode(mayRetry ? 503 : 500).end(failure.getMessage() + "\n");
    }

    /** The reader is asked for no more than the browser takes. */
    private void follow(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        TopicReader reader;
        try {
            Place start = placeBehind(request.getHeader("Last-Event-ID"));
            reader = client.reader(TOPIC, new TopicReaderOptions().setStart(start));
        } catch (IllegalArgumentException refused) {
            response.setStatusCode(400).end(refused.getMessage() + "\n");
            return;
        }
        response.setChunked(true).putHeader("Content-Type", "text/event-stream");
        response.closeHandler(gone -> reader.handler(null));
        response.drainHandler(drained -> reader.resume());
        reader.exceptionHandler(failure -> response.end());
        reader.handler(
                entry -> {
                    response.write(eventOf(entry));
                    if (response.writeQueueFull()) {
                        reader.pause();
                    }
                });
    }

    private static Place placeBehind(String lastEventId) {
        if (lastEventId == null) {
            return Place.FIRST;
        }
        String[] halves = lastEventId.split(":", -1);
        if (halves.length != 2) {
            throw new IllegalArgumentException(
                    "Last-Event-ID: expected segment:offset, got " + lastEventId);
        }
        return new Place(Integer.parseInt(halves[0]), Long.parseLong(halves[1]) + 1);
    }

    private static String eventOf(Entry entry) {
        String lines = entry.payload().toString().replace("\r", "").replace("\n", "\ndata: ");
        return "id: " + entry.segment() + ":" + entry.offset() + "\ndata: " + lines + "\n\n";
    }
}
