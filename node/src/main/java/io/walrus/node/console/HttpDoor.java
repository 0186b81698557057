package io.walrus.node.console;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.walrus.node.observe.NodeHealth;
import io.walrus.node.observe.Observatory;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Decides what a request is for. Event loop; whatever asks the disk goes to a worker.
 *
 * <p>Only GET and HEAD. On a loopback address the request must name this machine, so that a page of
 * somebody else's cannot read along by letting its own name point here.
 */
final class HttpDoor {

    private static final String API = "/api/v1/";

    private final Vertx vertx;
    private final ConsoleOptions options;
    private final Observatory observatory;
    private final Browse browse;
    private final LiveFeed live;
    private final Page page;
    private final Predicate<String> mayLook;

    HttpDoor(
            Vertx vertx,
            ConsoleOptions options,
            Observatory observatory,
            Browse browse,
            LiveFeed live,
            Page page,
            Predicate<String> mayLook) {
        this.vertx = vertx;
        this.options = options;
        this.observatory = observatory;
        this.browse = browse;
        this.live = live;
        this.page = page;
        this.mayLook = mayLook;
    }

    /**
     * @param isSeated false if this connection is one too many, which is told about health alone
     */
    void answer(HttpServerRequest request, boolean isSeated) {
        var answer = new HttpAnswer(request);
        if (!isSeated) {
            answer.response().putHeader("Connection", "close");
        }
        try {
            judge(request, isSeated, answer);
        } catch (IllegalArgumentException unreadable) {
            answer.problem(
                    400,
                    "this request cannot be read; behind a % two hexadecimal digits are expected");
        }
    }

    private void judge(HttpServerRequest request, boolean isSeated, HttpAnswer answer) {
        if (!isSeated && !isOpen(request.path())) {
            crowded(answer);
        } else if (!isForUs(request)) {
            answer.problem(421, "this port answers to localhost and 127.0.0.1 only");
        } else if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            request.response().putHeader("Allow", "GET, HEAD");
            answer.problem(405, "this port is read-only: GET or HEAD, not " + request.method());
        } else if (!isOpen(request.path()) && !mayLook.test(ShownToken.of(request))) {
            refuse(answer);
        } else {
            route(request, answer);
        }
    }

    /** Whoever starts and stops nodes has no token. */
    private static boolean isOpen(String path) {
        return path.equals("/health/live") || path.equals("/health/ready");
    }

    private void crowded(HttpAnswer answer) {
        answer.response().putHeader("Retry-After", "1");
        answer.problem(
                503,
                "this port serves "
                        + options.connectionsMax()
                        + " connections already (httpConnectionsMax); close a console or try again");
    }

    private static void refuse(HttpAnswer answer) {
        answer.response().putHeader("WWW-Authenticate", ShownToken.CHALLENGE);
        answer.problem(
                401,
                "this node wants a token that may read every topic: send it as 'Authorization:"
                        + " Bearer TOKEN', or give it to the browser as the password");
    }

    private boolean isForUs(HttpServerRequest request) {
        if (!options.isLoopback()) {
            return true;
        }
        String host = request.authority() == null ? "" : request.authority().host();
        return host.equals("localhost")
                || host.equals("[::1]")
                || host.equals("::1")
                || host.startsWith("127.") && host.chars().allMatch(HttpDoor::isAddressSign);
    }

    private static boolean isAddressSign(int sign) {
        return sign == '.' || '0' <= sign && sign <= '9';
    }

    private void route(HttpServerRequest request, HttpAnswer answer) {
        String path = request.path();
        if (path.startsWith(API)) {
            api(path.substring(API.length()), request, answer);
            return;
        }
        switch (path) {
            case "/metrics" ->
                    onWorker(observatory::metricsPage)
                            .compose(Future::fromCompletionStage)
                            .onComplete(
                                    text -> answer.send("text/plain; version=0.0.4", text),
                                    answer::failed);
            case "/health/live" -> answer.json(200, "{\"live\":true}");
            case "/health/ready" -> health(answer);
            default -> file(path, answer);
        }
    }

    private void health(HttpAnswer answer) {
        NodeHealth health = observatory.health();
        answer.json(health.ready() ? 200 : 503, observatory.healthReport());
    }

    private void file(String path, HttpAnswer answer) {
        Optional<Page.Part> part = page.part(path);
        if (part.isPresent()) {
            answer.send(part.get().type(), part.get().bytes());
        } else {
            answer.problem(
                    404,
                    "nothing is here; there are /, /metrics, /health/live, /health/ready and "
                            + API
                            + "node|cluster|topics|cursors|events|history|picture|live");
        }
    }

    private void api(String what, HttpServerRequest request, HttpAnswer answer) {
        switch (what) {
            case "node" -> json(observatory::node, answer);
            case "cluster" -> json(observatory::cluster, answer);
            case "topics" -> json(observatory::topics, answer);
            case "history" -> json(observatory::history, answer);
            case "cursors" ->
                    Future.fromCompletionStage(observatory.cursors())
                            .onComplete(text -> answer.json(200, text), answer::failed);
            case "events" ->
                    answer.number("after", 0, Long.MAX_VALUE)
                            .ifPresent(after -> json(() -> observatory.events(after), answer));
            case "picture" ->
                    onWorker(() -> observatory.live(0))
                            .compose(Future::fromCompletionStage)
                            .onComplete(text -> answer.json(200, text), answer::failed);
            case "live" -> {
                String token = ShownToken.of(request);
                live.add(request, answer, () -> mayLook.test(token));
            }
            default -> topic(what.split("/", -1), answer);
        }
    }

    private void topic(String[] words, HttpAnswer answer) {
        boolean isEntries = words.length == 3 && words[2].equals("entries");
        if (!words[0].equals("topics") || words.length != 2 && !isEntries) {
            answer.problem(
                    404,
                    "the API has node, cluster, topics, topics/NAME, topics/NAME/entries, cursors,"
                            + " events, history, picture and live");
        } else if (!observatory.knows(words[1])) {
            answer.problem(404, "unknown topic; /api/v1/topics lists what there is");
        } else if (isEntries) {
            browse.answer(words[1], answer);
        } else {
            json(() -> observatory.topic(words[1]).orElse("{}"), answer);
        }
    }

    private void json(Callable<String> report, HttpAnswer answer) {
        onWorker(report).onComplete(text -> answer.json(200, text), answer::failed);
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }
}
