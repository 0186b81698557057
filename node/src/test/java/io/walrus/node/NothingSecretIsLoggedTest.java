package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whatever is said at the most talkative level: no payload and no token is in it. */
class NothingSecretIsLoggedTest {

    private static final String SECRET = "Marzipankartoffel";

    /** Those of the house, and those that see its bytes. */
    private static final List<String> LOGGERS = List.of("io.walrus", "io.vertx", "com.alipay");

    @TempDir private Path dir;

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> listener =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    said.add(
                            event.getFormattedMessage()
                                    + (event.getThrowableProxy() == null
                                            ? ""
                                            : ThrowableProxyUtil.asString(
                                                    event.getThrowableProxy())));
                }
            };

    @BeforeEach
    void listen() {
        listener.start();
        for (String name : LOGGERS) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            logger.setLevel(Level.TRACE);
            logger.setAdditive(false);
            logger.addAppender(listener);
        }
    }

    @AfterEach
    void listenNoMore() {
        for (String name : LOGGERS) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            logger.detachAppender(listener);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }

    @Test
    void neitherPayloadsNorTokensWhateverBecomesOfTheRequest() {
        try (NodeFixture node =
                NodeFixture.start(
                        dir,
                        draft -> {
                            draft.segmentEntriesMax = 2;
                            draft.frameBytesMax = 1_000;
                        })) {
            try (RawClient client = node.connect()) {
                client.ask("REGISTER t");
                assertThat(client.ask("PUT t " + SECRET)).isEqualTo("OK");
                assertThat(client.ask("GET t")).contains(SECRET);
                for (String refused :
                        List.of(
                                "PUT nowhere " + SECRET,
                                "put t " + SECRET,
                                "APPENDB t 2 " + SECRET,
                                "APPENDP t 1 x 0 1 " + SECRET,
                                "APPENDTO t 99 " + SECRET,
                                "AUTH " + SECRET)) {
                    assertThat(client.ask(refused)).as(refused).startsWith("ERR");
                }
                assertThat(client.ask("PUT t " + SECRET.repeat(100))).startsWith("ERR TOO_LARGE");
            }
            WalrusClient inside = node.node().client();
            NodeFixture.await(inside.append("t", Buffer.buffer(SECRET)));
            NodeFixture.await(inside.append("t", Buffer.buffer(SECRET)));
            try (RawClient client = node.connect()) {
                await().until(() -> client.ask("STATE t").contains("\"current_segment\":2"));
            }
        }
        assertThat(said).as("what was listened to").isNotEmpty();
        assertThat(said).noneMatch(line -> line.contains(SECRET));
    }
}
