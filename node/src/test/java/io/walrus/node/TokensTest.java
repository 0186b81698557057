package io.walrus.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.walrus.node.access.NewToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens at the door of real nodes. */
class TokensTest {

    private static final NewToken READER =
            NewToken.of("reader", List.of("*"), List.of(), List.of());
    private static final NewToken WRITER =
            NewToken.of("writer", List.of(), List.of("events"), List.of("events"));

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir private Path dir;

    private Path tokens(NewToken... tokens) throws IOException {
        Path file = dir.resolve("tokens.json");
        var entries = java.util.Arrays.stream(tokens).map(NewToken::entry).toList();
        Files.writeString(file, "{\"tokens\": [" + String.join(",", entries) + "]}");
        return file;
    }

    @Test
    void aConnectionMayDoWhatItsTokenMay() throws IOException {
        Path file = tokens(READER, WRITER);
        try (NodeFixture node =
                        NodeFixture.start(
                                dir.resolve("node"),
                                draft -> {
                                    draft.tokensFile = file.toString();
                                    draft.clusterSecret = "s";
                                });
                RawClient writer = node.connect();
                RawClient reader = node.connect()) {
            assertThat(writer.ask("REGISTER events")).startsWith("ERR UNAUTHORIZED");
            assertThat(writer.ask("HELLO"))
                    .contains("\"auth\":true", "\"frame_bytes_max\":1048576", "\"DELETE\"");
            assertThat(writer.ask("AUTH wrong")).startsWith("ERR UNAUTHORIZED");
            writer.send("AUTH " + WRITER.token());
            writer.send("REGISTER events");
            writer.send("PUT events a");
            writer.send("PUT other b");
            writer.send("PUT events c");
            writer.send("GET events");
            assertThat(writer.receive()).isEqualTo("OK");
            assertThat(writer.receive()).isEqualTo("OK");
            assertThat(writer.receive()).isEqualTo("OK");
            assertThat(writer.receive()).startsWith("ERR FORBIDDEN").contains("'writer'");
            assertThat(writer.receive()).isEqualTo("OK");
            assertThat(writer.receive()).startsWith("ERR FORBIDDEN");
            assertThat(reader.ask("AUTH " + READER.token())).isEqualTo("OK");
            assertThat(reader.ask("GET events")).isEqualTo("OK a");
            assertThat(reader.ask("GET events")).isEqualTo("OK c");
            assertThat(reader.ask("PUT events d")).startsWith("ERR FORBIDDEN");
            tokens(WRITER);
            await().until(() -> reader.ask("GET events").startsWith("ERR UNAUTHORIZED"));
            Files.writeString(file, "{");
            assertThat(writer.ask("PUT events e")).isEqualTo("OK");
        }
    }

    @Test
    void aRequestThatIsSentOnIsJudgedWhereItCameIn() throws IOException {
        Path file = tokens(READER, WRITER);
        try (ThreeNodes three =
                ThreeNodes.start(
                        dir.resolve("nodes"),
                        draft -> {
                            draft.tokensFile = file.toString();
                            draft.clusterSecret = "s";
                        })) {
            for (int id = 1; id <= 3; id++) {
                try (RawClient writer = three.connect(id);
                        RawClient reader = three.connect(id)) {
                    writer.ask("AUTH " + WRITER.token());
                    reader.ask("AUTH " + READER.token());
                    assertThat(writer.ask("REGISTER events")).isEqualTo("OK");
                    assertThat(writer.ask("PUT events " + id)).isEqualTo("OK");
                    assertThat(reader.ask("PUT events x")).startsWith("ERR FORBIDDEN");
                    assertThat(writer.ask("GET events")).startsWith("ERR FORBIDDEN");
                    assertThat(reader.ask("GET events")).isEqualTo("OK " + id);
                }
            }
        }
    }

    @Test
    void theHttpPortWantsATokenThatMayReadEveryTopic() throws Exception {
        Path file = tokens(READER, WRITER);
        try (NodeFixture node = withHttpPort(file)) {
            String basic =
                    Base64.getEncoder().encodeToString(("me:" + READER.token()).getBytes(UTF_8));
            for (String path : List.of("/", "/metrics", "/api/v1/topics", "/api/v1/live")) {
                assertThat(status(node, path, "")).isEqualTo(401);
                assertThat(status(node, path, "Bearer wrong")).isEqualTo(401);
                assertThat(status(node, path, "Basic !!!")).isEqualTo(401);
                assertThat(status(node, path, "Bearer " + WRITER.token())).isEqualTo(401);
                assertThat(status(node, path, "Bearer " + READER.token())).isEqualTo(200);
                assertThat(status(node, path, "Basic " + basic)).isEqualTo(200);
            }
            assertThat(status(node, "/health/live", "")).isEqualTo(200);
            tokens(WRITER);
            await().until(() -> status(node, "/metrics", "Bearer " + READER.token()) == 401);
        }
    }

    private NodeFixture withHttpPort(Path tokensFile) throws Exception {
        return NodeFixture.start(
                dir.resolve("node"),
                draft -> {
                    draft.tokensFile = tokensFile.toString();
                    draft.clusterSecret = "s";
                    draft.httpPort = 0;
                });
    }

    /** Looks at the head of the answer only: the live feed has no end. */
    private static int status(NodeFixture node, String path, String authorization)
            throws Exception {
        var request =
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.node().httpPort() + path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<InputStream> answer = HTTP.send(request.build(), BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    @Test
    void aLiveFeedEndsWithItsToken() throws Exception {
        Path file = tokens(READER, WRITER);
        try (NodeFixture node = withHttpPort(file)) {
            URI live = URI.create("http://127.0.0.1:" + node.node().httpPort() + "/api/v1/live");
            HttpResponse<InputStream> feed =
                    HTTP.send(
                            HttpRequest.newBuilder(live)
                                    .header("Authorization", "Bearer " + READER.token())
                                    .build(),
                            BodyHandlers.ofInputStream());
            assertThat(feed.statusCode()).isEqualTo(200);
            tokens(WRITER);
            assertThat(supplyAsync(() -> readToTheEnd(feed)).get(60, TimeUnit.SECONDS))
                    .startsWith("data: ");
        }
    }

    private static String readToTheEnd(HttpResponse<InputStream> feed) {
        try (InputStream body = feed.body()) {
            return new String(body.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void tokensWithoutAClusterSecretAreRefused() throws IOException {
        String file = tokens(READER).toString();
        assertThatThrownBy(() -> NodeOptions.DEFAULTS.with(draft -> draft.tokensFile = file))
                .hasMessageContaining("WALRUS_CLUSTER_SECRET");
    }

    @Test
    void aFileThatIsNotThereEndsTheStart() {
        assertThatThrownBy(
                        () ->
                                NodeFixture.start(
                                                dir.resolve("node"),
                                                draft -> {
                                                    draft.tokensFile = dir + "/none.json";
                                                    draft.clusterSecret = "s";
                                                })
                                        .close())
                .hasStackTraceContaining("none.json");
    }
}
