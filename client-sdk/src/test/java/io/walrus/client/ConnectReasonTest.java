package io.walrus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ConnectReasonTest {

    private static final SocketAddress ADDRESS = SocketAddress.inetSocketAddress(8080, "10.0.0.1");

    @Test
    void refusedConnectionNamesItsAddressOnlyAmongSeveral() {
        var refused = new ConnectException("Connection refused: /10.0.0.1:8080");
        refused.initCause(new ConnectException("Connection refused"));

        assertThat(ConnectReason.of(ADDRESS, false, refused)).isEqualTo("Connection refused");
        assertThat(ConnectReason.of(ADDRESS, true, refused))
                .isEqualTo("10.0.0.1:8080: Connection refused");
        assertThat(ConnectReason.advice(refused)).isEqualTo("; is a node running there?");
    }

    @Test
    void failedHandshakeTellsItsDeepestReasonAndToLookAtTheCertificate() {
        var handshake = new SSLHandshakeException("No name matching 10.0.0.1 found");
        var failed =
                new SSLException(
                        "Failed to create SSL connection", new SSLException("wrapped", handshake));

        assertThat(ConnectReason.of(ADDRESS, false, failed))
                .isEqualTo("no TLS connection: No name matching 10.0.0.1 found");
        assertThat(ConnectReason.advice(failed)).contains("trusted").doesNotContain("running");
    }

    @Test
    void otherFailuresKeepTheirWords() {
        assertThat(ConnectReason.of(ADDRESS, false, new UnknownHostException("no such host")))
                .isEqualTo("no such host");
        assertThat(ConnectReason.advice(null)).isEqualTo("; is a node running there?");
    }
}
