package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example application, run by the command that its documentation gives. */
class OrdersAppTest {

    private static final String SOURCE =
            "integration-tests/src/test/java/io/walrus/it/example/OrdersApp.java";

    @TempDir private Path dir;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void ordersArePostedFollowedAndThereAfterARestart() throws Exception {
        try (var app = new App(dir)) {
            assertThat(post(app, "two eggs")).isEqualTo("1:0\n");
            assertThat(post(app, "one\nloaf")).isEqualTo("1:1\n");
            assertThat(follow(app, null, 2))
                    .containsExactly("id: 1:0|data: two eggs", "id: 1:1|data: one|data: loaf");
        }
        try (var app = new App(dir)) {
            assertThat(post(app, "milk")).isEqualTo("2:0\n");
            assertThat(follow(app, "1:1", 1)).containsExactly("id: 2:0|data: milk");
            assertThat(statusOf(app, "/orders/event")).isEqualTo(404);
        }
    }

    private String post(App app, String order) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(app.uri("/orders"))
                        .POST(HttpRequest.BodyPublishers.ofString(order))
                        .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return response.body();
    }

    private int statusOf(App app, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(app.uri(path)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** So many events, each with its lines joined by a bar; then hangs up. */
    private List<String> follow(App app, String lastEventId, int count) throws Exception {
        var request = HttpRequest.newBuilder(app.uri("/orders/events"));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        InputStream body =
                http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()).body();
        var events = new ArrayList<String>();
        try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            var event = new ArrayList<String>();
            while (events.size() < count) {
                String line = lines.readLine();
                if (line.isEmpty()) {
                    events.add(String.join("|", event));
                    event.clear();
                } else {
                    event.add(line);
                }
            }
        }
        return events;
    }

    /** The application as a process. */
    private static final class App implements AutoCloseable {

        private final Process process;
        private final String address;

        App(Path dir) throws IOException {
            Path root = Path.of(System.getProperty("walrus.root", "..")).toAbsolutePath();
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    WalrusJar.path().toString(),
                                    root.resolve(SOURCE).normalize().toString(),
                                    "0",
                                    dir.resolve("orders").toString())
                            .redirectError(dir.resolve("errors.txt").toFile())
                            .start();
            var said =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            assertThat(line).as("what the application says first").startsWith("orders: http://");
            address = line.substring("orders: ".length());
        }

        URI uri(String path) {
            return URI.create(address + path);
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
