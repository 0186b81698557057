package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.fuzz.Corpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is asked of the HTTP port, it answers, and its answer is no defect. See {@link Corpus}
 * for how to search longer.
 */
class HttpFuzzTest {

    /** Each is a connection. */
    private static final int ROUNDS = 400;

    private static final int READ_MILLIS_MAX = 60_000;

    @TempDir private Path dir;
    private NodeFixture node;

    @BeforeEach
    void startNode() {
        node = NodeFixture.start(dir, draft -> draft.httpPort = 0);
        try (RawClient client = node.connect()) {
            client.ask("REGISTER events");
            client.ask("PUT events x");
        }
    }

    @AfterEach
    void stopNode() {
        node.close();
    }

    @Test
    void aBrokenEscapeIsToldSo() {
        assertThat(
                        ask(
                                "GET /api/v1/events?after=%zz HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Connection: close\r\n\r\n"))
                .contains(" 400 ")
                .contains("two hexadecimal digits");
    }

    @Test
    void anyTargetIsAnswered() {
        Corpus.of(getClass(), "fuzz-targets")
                .feed(ROUNDS, bytes -> isAnswered("GET /api/v1/" + line(bytes), "X: x"));
    }

    @Test
    void anyAuthorizationIsAnswered() {
        Corpus.of(getClass(), "console/fuzz-authorization")
                .feed(
                        ROUNDS,
                        bytes -> isAnswered("GET /api/v1/node", "Authorization: " + line(bytes)));
    }

    /** Without the signs that would end the line. */
    private static String line(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\\r\\n]", "");
    }

    private void isAnswered(String target, String header) {
        // HEAD ends, where GET would follow the feed.
        String head = target.replaceFirst("GET", "HEAD") + " HTTP/1.1\r\nHost: localhost\r\n";
        String answer = ask(head + header + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1\\.[01] (200|4\\d\\d) .*");
    }

    private String ask(String request) {
        try (Socket socket = new Socket("127.0.0.1", node.node().httpPort())) {
            socket.setSoTimeout(READ_MILLIS_MAX);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
