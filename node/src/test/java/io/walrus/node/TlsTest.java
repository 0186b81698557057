package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.client.WalrusClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS at the client port of real nodes, with real certificates. */
class TlsTest {

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

    private static NetClientOptions trusting(Path certificate) {
        return new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(new PemTrustOptions().addCertPath(certificate.toString()));
    }

    private WalrusClient client(int port, NetClientOptions net) {
        return WalrusClient.create(
                vertx,
                new WalrusClientOptions()
                        .setAddresses("127.0.0.1:" + port)
                        .setConnectRoundsMax(1)
                        .setNetClientOptions(net));
    }

    private void useCertificate(NodeOptions.Draft draft, String name) {
        draft.tlsCert = pem.crt(name).toString();
        draft.tlsKey = pem.key(name).toString();
    }

    @Test
    void aClientThatTrustsTheCertificateIsServedAndPlainOnesAreNot() {
        pem.selfSigned("node");
        pem.selfSigned("other");
        try (NodeFixture node =
                NodeFixture.start(dir.resolve("data"), draft -> useCertificate(draft, "node"))) {
            int port = node.node().clientPort();
            WalrusClient client = client(port, trusting(pem.crt("node")));
            NodeFixture.await(client.register("events"));
            NodeFixture.await(client.put("events", Buffer.buffer("secret")));
            assertThat(NodeFixture.await(client.get("events"))).contains(Buffer.buffer("secret"));
            assertThatThrownBy(
                            () ->
                                    NodeFixture.await(
                                            client(port, trusting(pem.crt("other"))).topics()))
                    .isInstanceOf(WalrusClientException.class);
            assertThatThrownBy(
                            () -> NodeFixture.await(client(port, new NetClientOptions()).topics()))
                    .isInstanceOf(WalrusClientException.class)
                    .hasMessageContaining("answered nothing; does it speak TLS?");
        }
    }

    @Test
    void aCertificateIsReadAgainWhenItsFileChanges() throws IOException {
        pem.selfSigned("node");
        pem.selfSigned("next");
        try (NodeFixture node =
                NodeFixture.start(dir.resolve("data"), draft -> useCertificate(draft, "node"))) {
            int port = node.node().clientPort();
            WalrusClient before = client(port, trusting(pem.crt("node")));
            NodeFixture.await(before.register("events"));
            Path first = Files.copy(pem.crt("node"), dir.resolve("first.crt"));
            Files.copy(pem.key("next"), pem.key("node"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(pem.crt("next"), pem.crt("node"), StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> isServed(port, pem.crt("next")));
            assertThat(isServed(port, first)).isFalse();
            NodeFixture.await(before.put("events", Buffer.buffer("still connected")));
            Files.writeString(pem.crt("node"), "rubbish");
            assertThat(isServed(port, pem.crt("next"))).isTrue();
        }
    }

    private boolean isServed(int port, Path trusted) {
        WalrusClient client = client(port, trusting(trusted));
        try {
            NodeFixture.await(client.topics());
            return true;
        } catch (WalrusClientException refused) {
            return false;
        } finally {
            client.close();
        }
    }

    @Test
    void withAnAuthorityClientsMustShowACertificateOfItAndNodesTrustEachOther() {
        pem.authority("ca");
        pem.signed("node", "ca");
        pem.signed("shop", "ca");
        try (ThreeNodes three =
                ThreeNodes.start(
                        dir.resolve("nodes"),
                        draft -> {
                            useCertificate(draft, "node");
                            draft.tlsCa = pem.crt("ca").toString();
                        })) {
            NetClientOptions shop =
                    trusting(pem.crt("ca"))
                            .setKeyCertOptions(
                                    new PemKeyCertOptions()
                                            .setCertPath(pem.crt("shop").toString())
                                            .setKeyPath(pem.key("shop").toString()));
            NodeFixture.await(client(three.node(1).clientPort(), shop).register("events"));
            for (int id = 1; id <= 3; id++) {
                WalrusClient client = client(three.node(id).clientPort(), shop);
                NodeFixture.await(client.put("events", Buffer.buffer("" + id)));
                // A starved machine may fail over; who led before can say EMPTY a moment longer.
                Optional<Buffer> expected = Optional.of(Buffer.buffer("" + id));
                await().until(() -> NodeFixture.await(client.get("events")), expected::equals);
            }
            WalrusClient stranger = client(three.node(1).clientPort(), trusting(pem.crt("ca")));
            assertThatThrownBy(() -> NodeFixture.await(stranger.topics()))
                    .isInstanceOf(WalrusClientException.class);
        }
    }

    @Test
    void filesThatAreNoCertificatesEndTheStartAndAreNamed() throws IOException {
        pem.selfSigned("node");
        Path rubbish = Files.writeString(dir.resolve("rubbish.crt"), "rubbish");
        assertThatThrownBy(
                        () ->
                                NodeFixture.start(
                                                dir.resolve("data"),
                                                draft -> {
                                                    useCertificate(draft, "node");
                                                    draft.tlsCert = rubbish.toString();
                                                })
                                        .close())
                .hasStackTraceContaining("rubbish.crt: expected certificates in PEM");
        assertThatThrownBy(() -> NodeOptions.DEFAULTS.with(draft -> draft.tlsCert = "node.crt"))
                .hasMessageContaining("expected a certificate and its key");
    }
}
