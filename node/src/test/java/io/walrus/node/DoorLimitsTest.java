package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the door does to clients that send too much, too little, too slowly, or never read. */
class DoorLimitsTest {

    @TempDir private Path dir;
    private NodeFixture node;

    private RawClient connect(Consumer<NodeOptions.Draft> change) {
        node = NodeFixture.start(dir, change);
        return node.connect();
    }

    @AfterEach
    void stopNode() {
        node.close();
    }

    @Test
    void aFrameOverTheLimitIsRefusedBeforeItsBytesCameAndTheConnectionCloses() {
        try (RawClient client = connect(draft -> draft.frameBytesMax = 1_000)) {
            client.sendBytes(length(1_001));
            assertThat(client.receive())
                    .startsWith("ERR TOO_LARGE")
                    .contains("1001")
                    .contains("1000");
            assertThat(client.isClosedByServer()).isTrue();
        }
        try (RawClient other = node.connect()) {
            assertThat(other.ask("REGISTER events")).isEqualTo("OK");
            assertThat(other.ask("PUT events " + "x".repeat(1_000 - 11))).isEqualTo("OK");
        }
    }

    @Test
    void aTopicBeyondTheLimitIsRefusedAndThereIsRoomAgainWhenOneIsDeleted() {
        try (RawClient client = connect(draft -> draft.topicsMax = 2)) {
            assertThat(client.ask("REGISTER a")).isEqualTo("OK");
            assertThat(client.ask("REGISTER b")).isEqualTo("OK");
            assertThat(client.ask("REGISTER c"))
                    .startsWith("ERR AT_LIMIT")
                    .contains("2 topics")
                    .contains("--topics-max");
            assertThat(client.ask("REGISTER b")).isEqualTo("OK");
            assertThat(client.ask("PUT c x")).startsWith("ERR NO_TOPIC");
            assertThat(client.ask("DELETE a")).isEqualTo("OK");
            assertThat(client.ask("REGISTER c")).isEqualTo("OK");
        }
    }

    @Test
    void aLengthOfFourGigabytesAllocatesNothing() {
        try (RawClient client = connect(draft -> {})) {
            client.sendBytes(length(-1));
            assertThat(client.receive()).startsWith("ERR TOO_LARGE").contains("4294967295");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void anEmptyFrameIsRefusedAndRepliesBeforeItStillArrive() {
        try (RawClient client = connect(draft -> {})) {
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(RawClient.frames("REGISTER events", "PUT events x"));
            bytes.writeBytes(length(0));
            bytes.writeBytes(RawClient.frame("GET events"));
            client.sendBytes(bytes.toByteArray());
            assertThat(client.receive()).isEqualTo("OK");
            assertThat(client.receive()).isEqualTo("OK");
            assertThat(client.receive()).startsWith("ERR EMPTY_FRAME");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void halfAFrameIsClosedAfterTheFrameTimeout() {
        try (RawClient client = connect(draft -> draft.frameMillis = 200)) {
            client.sendBytes(length(10)).sendBytes(new byte[] {'P', 'U'});
            assertThat(client.receive()).startsWith("ERR TIMED_OUT").contains("200 ms");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void oneByteAtATimeDoesNotExtendTheFrameTimeout() {
        try (RawClient client = connect(draft -> draft.frameMillis = 300)) {
            client.sendBytes(length(1_000));
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofMinutes(1))
                    .until(
                            () -> {
                                try {
                                    client.sendBytes(new byte[] {'x'});
                                    return client.socket().getInputStream().available() > 0;
                                } catch (java.io.UncheckedIOException closed) {
                                    return true;
                                }
                            });
            assertThat(client.receive()).startsWith("ERR TIMED_OUT");
        }
    }

    @Test
    void anIdleConnectionIsClosedAndSaysWhy() {
        try (RawClient client = connect(draft -> draft.idleMillis = 200)) {
            assertThat(client.ask("REGISTER events")).isEqualTo("OK");
            assertThat(client.receive()).startsWith("ERR TIMED_OUT").contains("no request");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void oneConnectionTooManyIsToldSoAndTheOthersGoOn() {
        try (RawClient first = connect(draft -> draft.connectionsMax = 2);
                RawClient second = node.connect()) {
            assertThat(first.ask("REGISTER events")).isEqualTo("OK");
            assertThat(second.ask("REGISTER events")).isEqualTo("OK");
            try (RawClient third = node.connect()) {
                assertThat(third.receive()).startsWith("ERR BUSY").contains("2 connections");
                assertThat(third.isClosedByServer()).isTrue();
            }
            assertThat(first.ask("PUT events x")).isEqualTo("OK");
            second.disconnect();
            await().untilAsserted(
                            () -> {
                                try (RawClient again = node.connect()) {
                                    assertThat(again.ask("REGISTER events")).isEqualTo("OK");
                                }
                            });
        }
    }

    @Test
    void moreInFlightThanAllowedIsAnsweredAllTheSame() {
        try (RawClient client =
                connect(
                        draft -> {
                            draft.inFlightRequestsMax = 10;
                            draft.inFlightBytesMax = 1_000;
                        })) {
            client.ask("REGISTER events");
            var bytes = new ByteArrayOutputStream();
            for (int i = 0; i < 2_000; i++) {
                bytes.writeBytes(RawClient.frame("PUT events " + "x".repeat(100)));
            }
            client.sendBytes(bytes.toByteArray());
            for (int i = 0; i < 2_000; i++) {
                assertThat(client.receive()).isEqualTo("OK");
            }
        }
    }

    @Test
    void aReaderThatDoesNotReadIsPausedAndCostsNoMemory() throws IOException {
        try (RawClient client = connect(draft -> draft.slowReaderMillis = 60_000)) {
            client.ask("REGISTER big");
            String payload = "x".repeat(500_000);
            client.ask("PUT big " + payload);
            long before = usedBytes();
            var asked = new ByteArrayOutputStream();
            for (int i = 0; i < 2_000; i++) {
                asked.writeBytes(RawClient.frame("FETCH big 1 0"));
            }
            client.sendBytes(asked.toByteArray());
            try (RawClient other = node.connect()) {
                assertThat(other.ask("GET big")).hasSize(500_003);
            }
            assertThat(usedBytes() - before).isLessThan(200L << 20);
            for (int i = 0; i < 2_000; i++) {
                assertThat(client.receiveBytes()).hasSize("OK 1 ".length() + 500_000);
            }
        }
    }

    @Test
    void aReaderThatNeverReadsIsClosed() {
        try (RawClient client = connect(draft -> draft.slowReaderMillis = 300)) {
            client.ask("REGISTER big");
            client.ask("PUT big " + "x".repeat(900_000));
            var asked = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                asked.writeBytes(RawClient.frame("FETCH big 1 0"));
            }
            client.sendBytes(asked.toByteArray());
            await().until(() -> node.node().connections() == 0);
        }
    }

    @Test
    void aThousandIdleConnectionsCostLittle() {
        connect(draft -> {}).disconnect();
        long before = usedBytes();
        var idle = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 1_000; i++) {
                idle.add(node.connect());
            }
            assertThat(idle.get(999).ask("REGISTER events")).isEqualTo("OK");
            assertThat(usedBytes() - before).isLessThan(100L << 20);
        } finally {
            idle.forEach(RawClient::close);
        }
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static byte[] length(int unsigned) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(unsigned).array();
    }
}
