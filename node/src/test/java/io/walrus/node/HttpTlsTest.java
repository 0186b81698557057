package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP port of a real node with the client port's certificate. */
class HttpTlsTest {

    @TempDir private Path dir;

    private final Vertx vertx = Vertx.vertx();
    private PemFiles pem;

    @BeforeEach
    void makeFolder() {
        pem = new PemFiles(dir);
    }

    @AfterEach
    void closeVertx() {
        NodeFixture.await(vertx.close());
    }

    private NodeFixture start(String certificate, Consumer<NodeOptions.Draft> change) {
        return NodeFixture.start(
                dir.resolve("data"),
                draft -> {
                    draft.httpPort = 0;
                    draft.httpTls = true;
                    draft.tlsCert = pem.crt(certificate).toString();
                    draft.tlsKey = pem.key(certificate).toString();
                    change.accept(draft);
                });
    }

    private static HttpClientOptions trusting(Path certificate) {
        return new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertPath(certificate.toString()));
    }

    /** The status of an answer over a connection of its own. */
    private int status(NodeFixture node, HttpClientOptions options, String path) {
        HttpClient client = vertx.createHttpClient(options);
        try {
            return NodeFixture.await(
                    client.request(HttpMethod.GET, node.node().httpPort(), "127.0.0.1", path)
                            .compose(request -> request.send())
                            .map(HttpClientResponse::statusCode));
        } finally {
            NodeFixture.await(client.close());
        }
    }

    private boolean isServed(NodeFixture node, HttpClientOptions options) {
        try {
            return status(node, options, "/metrics") == 200;
        } catch (RuntimeException refused) {
            return false;
        }
    }

    @Test
    void whoTrustsTheCertificateIsServedAndPlainHttpIsNot() {
        pem.selfSigned("node");
        pem.selfSigned("other");
        try (NodeFixture node = start("node", draft -> {})) {
            for (String path : new String[] {"/", "/metrics", "/health/live", "/api/v1/node"}) {
                assertThat(status(node, trusting(pem.crt("node")), path)).as(path).isEqualTo(200);
            }
            assertThat(isServed(node, trusting(pem.crt("other")))).isFalse();
            assertThat(isServed(node, new HttpClientOptions())).isFalse();
            assertThat(StartMessage.of(node.node(), Duration.ofSeconds(1)))
                    .contains("https://127.0.0.1:" + node.node().httpPort());
        }
    }

    @Test
    void aCertificateIsReadAgainWhenItsFileChanges() throws IOException {
        pem.selfSigned("node");
        pem.selfSigned("next");
        try (NodeFixture node = start("node", draft -> {})) {
            Path first = Files.copy(pem.crt("node"), dir.resolve("first.crt"));
            assertThat(isServed(node, trusting(first))).isTrue();
            Files.copy(pem.key("next"), pem.key("node"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(pem.crt("next"), pem.crt("node"), StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> isServed(node, trusting(pem.crt("next"))));
            assertThat(isServed(node, trusting(first))).isFalse();
        }
    }

    @Test
    void withAnAuthorityWhoeverLooksMustShowACertificateOfIt() {
        pem.authority("ca");
        pem.signed("node", "ca");
        pem.signed("scraper", "ca");
        try (NodeFixture node = start("node", draft -> draft.tlsCa = pem.crt("ca").toString())) {
            HttpClientOptions scraper =
                    trusting(pem.crt("ca"))
                            .setKeyCertOptions(
                                    new PemKeyCertOptions()
                                            .setCertPath(pem.crt("scraper").toString())
                                            .setKeyPath(pem.key("scraper").toString()));
            assertThat(isServed(node, scraper)).isTrue();
            assertThat(isServed(node, trusting(pem.crt("ca")))).isFalse();
        }
    }

    @Test
    void withoutACertificateItIsRefusedWithTheFlagsThatAreMissing() {
        assertThatThrownBy(() -> NodeOptions.DEFAULTS.with(draft -> draft.httpTls = true))
                .hasMessageContaining("--tls-cert");
    }
}
