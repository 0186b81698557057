package io.walrus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ConnectReasonTest {

    @Test
    void refusedConnectionKeepsTheBareWordsOfTheSystem() {
        var refused = new ConnectException("Connection refused: /10.0.0.1:8080");
        refused.initCause(new ConnectException("Connection refused"));

        assertThat(ConnectReason.of(refused)).isEqualTo("Connection refused");
        assertThat(ConnectReason.advice(refused)).isEqualTo("; is a node running there?");
    }

    @Test
    void failedHandshakeTellsItsDeepestReasonAndToLookAtTheCertificate() {
        var handshake = new SSLHandshakeException("No name matching 10.0.0.1 found");
        var failed =
                new SSLException(
                        "Failed to create SSL connection", new SSLException("wrapped", handshake));

        assertThat(ConnectReason.of(failed))
                .isEqualTo("no TLS connection: No name matching 10.0.0.1 found");
        assertThat(ConnectReason.advice(failed)).contains("trusted").doesNotContain("running");
    }

    @Test
    void deepestReasonMayBeOneOfTheCertificateAndNotOfTls() {
        var failed = new SSLHandshakeException("Failed to create SSL connection");
        failed.initCause(new CertificateException("no valid path"));

        assertThat(ConnectReason.of(failed)).isEqualTo("no TLS connection: no valid path");
    }

    @Test
    void answerThatIsNoTlsIsNotPrintedAsHex() {
        var failed = new SSLHandshakeException("Failed to create SSL connection");
        failed.initCause(new SSLException("not an SSL/TLS record: 8e00"));

        assertThat(ConnectReason.of(failed))
                .isEqualTo("no TLS connection: the server answers without TLS");
    }

    @Test
    void otherFailuresKeepTheirWords() {
        assertThat(ConnectReason.of(new UnknownHostException("no such host")))
                .isEqualTo("no such host");
        assertThat(ConnectReason.advice(null)).isEqualTo("; is a node running there?");
    }

    @Test
    void eachOfSeveralAddressesHasItsReasonAndOneThatTheyShareIsSaidOnce() {
        var failures = new ConnectFailures();
        assertThat(failures).hasToString("no answer yet; is a node running there?");

        failures.refused("a:1", new ConnectException("Connection refused"));
        failures.refused("b:2", new ConnectException("Connection refused"));
        assertThat(failures).hasToString("Connection refused; is a node running there?");

        failures.refused("b:2", new UnknownHostException("no such host"));
        assertThat(failures)
                .hasToString(
                        "a:1: Connection refused; b:2: no such host; is a node running there?");

        failures.lost("b:2", "the server closed the connection");
        assertThat(failures).asString().contains("a:1: Conn").contains("b:2: the server closed");
    }
}
