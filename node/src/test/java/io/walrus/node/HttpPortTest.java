package io.walrus.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the HTTP port of one real node answers. */
class HttpPortTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir private Path dir;
    private NodeFixture node;
    private RawClient client;

    @BeforeEach
    void startNode() {
        node =
                NodeFixture.start(
                        dir,
                        draft -> {
                            draft.httpPort = 0;
                            draft.segmentEntriesMax = 10;
                        });
        client = node.connect();
    }

    @AfterEach
    void stopNode() {
        client.close();
        node.close();
    }

    @Test
    void metricsCountWhatWasAcknowledged() {
        putMany("events", 25);
        client.ask("GET events");
        String page = get("/metrics").body();
        assertThat(page).contains("walrus_appended_entries_total{node=\"1\"} 25.0");
        assertThat(page)
                .contains(
                        "walrus_cursor_lag{cursor=\"(shared)\",node=\"1\",topic=\"events\"} 24.0");
        assertThat(page).contains("walrus_raft_leader{node=\"1\"} 1.0");
        assertThat(page).containsPattern("walrus_append_seconds_count\\{node=\"1\"} [1-9]");
        assertThat(page).containsPattern("walrus_sync_seconds_bucket\\{.*le=\"0.01\"} ");
        await().untilAsserted(
                        () ->
                                assertThat(get("/metrics").body())
                                        .contains("walrus_rollovers_total{node=\"1\"} 2.0"));
    }

    @Test
    void aReadyNodeSaysSoInOneSentence() throws IOException {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
        assertThat(json("/health/ready").get("sentence").asText())
                .isEqualTo("Node 1 is ready; it is a cluster of one; 0 topics.");
    }

    @Test
    void aTopicIsShownWithItsSegmentsAndTheirCounts() throws IOException {
        putMany("events", 15);
        await().untilAsserted(
                        () -> assertThat(json("/api/v1/topics/events").get("segments")).hasSize(2));
        JsonNode topic = json("/api/v1/topics/events");
        assertThat(topic.get("segments").get(0).get("state").asText()).isEqualTo("sealed");
        assertThat(topic.get("segments").get(0).get("entries").asInt()).isEqualTo(10);
        assertThat(topic.get("segments").get(1).get("entries").asInt()).isEqualTo(5);
        assertThat(json("/api/v1/topics").get(0).get("segmentCount").asInt()).isEqualTo(2);
        assertThat(json("/api/v1/cursors").get(0).get("lag").asInt()).isEqualTo(15);
    }

    @Test
    void entriesAreBrowsedByPlaceAcrossSegmentsAndNoCursorMoves() throws IOException {
        putMany("events", 15);
        JsonNode page = json("/api/v1/topics/events/entries?segment=1&offset=8");
        assertThat(payload(page.get("entries").get(0))).isEqualTo("8");
        assertThat(page.get("entries").get(1).get("offset").asInt()).isEqualTo(9);
        JsonNode next = json("/api/v1/topics/events/entries?segment=1&offset=10");
        assertThat(next.get("segment").asInt()).isEqualTo(2);
        assertThat(payload(next.get("entries").get(0))).isEqualTo("10");
        assertThat(json("/api/v1/topics/events/entries?segment=2&offset=5").get("entries"))
                .isEmpty();
        assertThat(client.ask("GET events")).isEqualTo("OK 0");
    }

    private static String payload(JsonNode entry) {
        return new String(Base64.getUrlDecoder().decode(entry.get("base64").asText()), UTF_8);
    }

    @Test
    void namedCursorsAreShownWithTheirLag() throws IOException {
        putMany("events", 5);
        assertThat(client.ask("COMMIT events billing 1 2")).isEqualTo("OK");
        assertThat(client.ask("COMMIT events audit 1 5")).isEqualTo("OK");
        JsonNode cursors = json("/api/v1/cursors");
        assertThat(cursors.findValuesAsText("cursor"))
                .containsExactly("(shared)", "audit", "billing");
        assertThat(cursors.findValuesAsText("lag")).containsExactly("5", "0", "3");
    }

    @Test
    void whatHappenedIsListedInOrder() throws IOException {
        putMany("events", 11);
        await().untilAsserted(
                        () ->
                                assertThat(json("/api/v1/events").findValuesAsText("kind"))
                                        .containsSubsequence("recovery", "topic", "rollover"));
        JsonNode rollover = json("/api/v1/events").get(json("/api/v1/events").size() - 1);
        assertThat(rollover.get("what").asText()).contains("sealed segment 1 at 10 entries");
        assertThat(rollover.get("segments").asInt()).isEqualTo(2);
        assertThat(json("/api/v1/events?after=" + rollover.get("number").asInt())).isEmpty();
    }

    @Test
    void theLiveFeedSendsAPictureWithoutBeingAskedAgain() throws Exception {
        putMany("events", 3);
        HttpResponse<Stream<String>> feed =
                HTTP.send(request("/api/v1/live").build(), BodyHandlers.ofLines());
        assertThat(feed.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (Stream<String> lines = feed.body()) {
            String second =
                    lines.filter(line -> line.startsWith("data: ")).skip(1).findFirst().orElse("");
            JsonNode picture = JSON.readTree(second.substring("data: ".length()));
            assertThat(picture.get("topics").get(0).get("name").asText()).isEqualTo("events");
            assertThat(picture.get("node").get("health").get("ready").asBoolean()).isTrue();
        }
    }

    @Test
    void wrongRequestsAreToldWhatIsWrong() {
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("/../../etc/passwd").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/topics/nowhere").body()).contains("unknown topic");
        client.ask("REGISTER events");
        assertThat(get("/api/v1/topics/events/entries?offset=-1").body())
                .contains("offset: expected a number from 0");
        assertThat(get("/api/v1/events?after=x").statusCode()).isEqualTo(400);
    }

    @Test
    void nothingCanBeChangedThere() throws Exception {
        HttpResponse<String> refused =
                HTTP.send(request("/api/v1/topics").DELETE().build(), BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.body()).contains("read-only");
    }

    @Test
    void aPageUnderAnotherNameCannotReadAlong() throws IOException {
        try (var socket = new java.net.Socket("127.0.0.1", node.node().httpPort())) {
            socket.getOutputStream()
                    .write(
                            "GET /api/v1/node HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                                    .getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 421").doesNotContain("dataDir");
        }
    }

    @Test
    void theConsoleAsksNobodyElse() {
        HttpResponse<String> page = get("/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'self'");
        for (String file :
                new String[] {"/", "/console.js", "/console.css", "/map.js", "/charts.js"}) {
            assertThat(get(file).statusCode()).as(file).isEqualTo(200);
            assertThat(get(file).body())
                    .as(file)
                    .doesNotContain("http://", "https://", "innerHTML =");
        }
    }

    @Test
    void withoutAnHttpPortNobodyListens() {
        try (NodeFixture quiet = NodeFixture.start(dir.resolve("quiet"))) {
            assertThat(quiet.node().httpPort()).isEqualTo(NodeOptions.NO_PORT);
        }
    }

    @Test
    void aTakenHttpPortIsToldWithTheFlagToChange() {
        assertThatThrownBy(
                        () ->
                                NodeFixture.start(
                                                dir.resolve("second"),
                                                draft -> draft.httpPort = node.node().httpPort())
                                        .close())
                .hasMessageContaining("--http-port");
    }

    private void putMany(String topic, int count) {
        client.ask("REGISTER " + topic);
        for (int i = 0; i < count; i++) {
            client.send("PUT " + topic + " " + i);
        }
        for (int i = 0; i < count; i++) {
            assertThat(client.receive()).isEqualTo("OK");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.node().httpPort() + path));
    }

    private HttpResponse<String> get(String path) {
        try {
            return HTTP.send(request(path).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private JsonNode json(String path) throws IOException {
        return JSON.readTree(get(path).body());
    }
}
