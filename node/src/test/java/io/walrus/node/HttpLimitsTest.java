package io.walrus.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the HTTP port does to guests that are too many or too slow, with and without TLS. */
class HttpLimitsTest {

    private static final int READ_MILLIS_MAX = 60_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir private Path dir;
    private final List<Socket> sockets = new ArrayList<>();
    private NodeFixture node;

    private void start(Consumer<NodeOptions.Draft> change) {
        node =
                NodeFixture.start(
                        dir.resolve("data"),
                        draft -> {
                            draft.httpPort = 0;
                            change.accept(draft);
                        });
    }

    @AfterEach
    void stopNode() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        node.close();
    }

    private Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", node.node().httpPort());
        sockets.add(socket);
        socket.setSoTimeout(READ_MILLIS_MAX);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** Asks, and reads the answer up to a text; what came by then if the connection ends before. */
    private static String ask(Socket socket, String path, String until) throws IOException {
        var answer = new StringBuilder();
        try {
            send(socket, get(path));
            for (int sign = 0; sign >= 0 && answer.indexOf(until) < 0; ) {
                sign = socket.getInputStream().read();
                answer.append(sign < 0 ? "" : (char) sign);
            }
        } catch (SocketException closed) {
            return answer.toString();
        }
        return answer.toString();
    }

    private static boolean isServed(Socket socket) throws IOException {
        return ask(socket, "/health/live", "{\"live\":true}").contains(" 200 ");
    }

    private String metrics() throws IOException {
        try (Socket socket = connect()) {
            return ask(socket, "/metrics", "walrus_writes_fenced_total{");
        }
    }

    /** A byte more, and whether that met an end. */
    private static boolean isClosedBehindOneByteMore(Socket slow, int sign) throws IOException {
        try {
            slow.getOutputStream().write(sign);
            slow.setSoTimeout(10);
            return slow.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private Socket connectOverTls() throws Exception {
        var everybody =
                new X509ExtendedTrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] chain, String type) {}

                    @Override
                    public void checkServerTrusted(X509Certificate[] chain, String type) {}

                    @Override
                    public void checkClientTrusted(
                            X509Certificate[] chain, String type, Socket socket) {}

                    @Override
                    public void checkServerTrusted(
                            X509Certificate[] chain, String type, Socket socket) {}

                    @Override
                    public void checkClientTrusted(
                            X509Certificate[] chain, String type, SSLEngine engine) {}

                    @Override
                    public void checkServerTrusted(
                            X509Certificate[] chain, String type, SSLEngine engine) {}

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                };
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {everybody}, null);
        Socket plain = connect();
        return tls.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
    }

    @Test
    void oneTooManyIsToldSoAndTheOthersGoOnAndThereIsRoomAgainWhenOneGoes() throws IOException {
        start(draft -> draft.httpConnectionsMax = 2);
        Socket first = connect();
        Socket second = connect();
        assertThat(isServed(first)).isTrue();
        assertThat(isServed(second)).isTrue();
        assertThat(ask(connect(), "/metrics", "never"))
                .contains(" 503 ")
                .containsIgnoringCase("Connection: close")
                .contains("2 connections")
                .contains("httpConnectionsMax");
        assertThat(isServed(second)).isTrue();
        first.close();
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(metrics())
                                        .containsPattern(
                                                "walrus_http_connections_refused_total\\{node=\"1\"}"
                                                        + " [1-9]"));
        assertThat(isServed(second)).as("the one who stayed").isTrue();
    }

    @Test
    void aCrowdedPortStillAnswersWhoeverAsksForHealth() throws IOException {
        start(draft -> draft.httpConnectionsMax = 1);
        assertThat(isServed(connect())).isTrue();
        assertThat(ask(connect(), "/health/live", "never"))
                .contains(" 200 ")
                .containsIgnoringCase("Connection: close");
    }

    @Test
    void moreThanTwiceTooManyAreClosedAtOnce() throws IOException {
        start(draft -> draft.httpConnectionsMax = 2);
        for (int seat = 0; seat < 2; seat++) {
            assertThat(isServed(connect())).isTrue();
        }
        connect();
        connect();
        await().atMost(LIMIT).until(() -> connect().getInputStream().read() < 0);
    }

    @Test
    void aHeadThatComesByteByByteEndsItsConnectionInTime() throws IOException {
        start(draft -> draft.httpRequestMillis = 300);
        Socket slow = connect();
        send(slow, "GET / HTTP/1.1\r\nX: ");
        await().atMost(LIMIT).until(() -> isClosedBehindOneByteMore(slow, 'x'));
        assertLateIsCounted();
    }

    @Test
    void overTlsOneTooManyIsToldSoToo() throws Exception {
        startWithTls(draft -> draft.httpConnectionsMax = 1);
        assertThat(isServed(connectOverTls())).isTrue();
        assertThat(ask(connectOverTls(), "/metrics", "never")).contains(" 503 ");
    }

    private void startWithTls(Consumer<NodeOptions.Draft> change) {
        var pem = new PemFiles(dir);
        pem.selfSigned("node");
        start(
                draft -> {
                    draft.httpTls = true;
                    draft.tlsCert = pem.crt("node").toString();
                    draft.tlsKey = pem.key("node").toString();
                    change.accept(draft);
                });
    }

    @Test
    void overTlsAHeadByteByByteEndsItsConnectionToo() throws Exception {
        startWithTls(draft -> draft.httpRequestMillis = 300);
        Socket slow = connectOverTls();
        await().atMost(LIMIT).until(() -> isClosedBehindOneByteMore(slow, 'x'));
    }

    @Test
    void aPrefaceOfHttpTwoByteByByteIsNoWayAround() throws IOException {
        start(draft -> draft.httpRequestMillis = 300);
        Socket slow = connect();
        send(slow, "PRI * HTTP/2.0\r\n");
        await().atMost(LIMIT).until(() -> isClosedBehindOneByteMore(slow, '\r'));
    }

    @Test
    void whoGotAnAnswerAndBringsNoOtherRequestIsClosed() throws IOException {
        start(draft -> draft.httpRequestMillis = 300);
        await().atMost(LIMIT)
                .until(() -> ask(connect(), "/health/live", "never").contains(" 200 "));
        assertLateIsCounted();
    }

    private void assertLateIsCounted() {
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(metrics())
                                        .containsPattern(
                                                "walrus_http_connections_late_total\\{node=\"1\"}"
                                                        + " [1-9]"));
    }

    @Test
    void aLiveFeedAndAPollerStayLongerThanTheLimit() {
        start(draft -> draft.httpRequestMillis = 5_000);
        // Again, should this machine have stood still for as long as the limit.
        await().atMost(LIMIT.multipliedBy(3)).until(this::doBothStay);
    }

    /** There is a picture each second. */
    private boolean doBothStay() throws IOException {
        Socket feed = connect();
        Socket poller = connect();
        send(feed, get("/api/v1/live"));
        for (int pictures = 0; pictures < 8; pictures++) {
            if (!isUpTo(feed, "data: ") || !isServed(poller)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUpTo(Socket socket, String text) throws IOException {
        var seen = new StringBuilder();
        try {
            for (int sign = 0; sign >= 0 && seen.indexOf(text) < 0; ) {
                sign = socket.getInputStream().read();
                seen.append((char) sign);
            }
        } catch (SocketException closed) {
            return false;
        }
        return seen.indexOf(text) >= 0;
    }

    @Test
    void aGuestWhoTakesNoAnswersIsClosed() throws IOException {
        start(draft -> draft.httpRequestMillis = 1_000);
        Socket deaf = connect();
        try {
            send(deaf, get("/uPlot.iife.min.js").repeat(500));
        } catch (SocketException closedAlready) {
            assertThat(closedAlready).as("as it should").isNotNull();
        }
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(metrics())
                                        .contains("walrus_http_connections{node=\"1\"} 1.0"));
    }
}
