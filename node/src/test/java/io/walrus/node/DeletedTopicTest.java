package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walrus.wal.Wal;
import io.walrus.wal.WalOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deleted topic is gone, and one of the same name that comes later is another one. */
class DeletedTopicTest {

    @TempDir private Path dir;

    @Test
    void aDeletedTopicIsUnknownAndANewOneOfItsNameStartsEmpty() {
        try (NodeFixture node = NodeFixture.start(dir, draft -> draft.segmentEntriesMax = 3);
                RawClient client = node.connect()) {
            fill(client, "old", 10);
            assertThat(client.ask("GET events")).isEqualTo("OK old 0");

            assertThat(client.ask("DELETE events")).isEqualTo("OK");

            assertGone(client);
            assertThat(client.ask("REGISTER events")).isEqualTo("OK");
            assertStartsEmpty(client);
        }
    }

    @Test
    void aRestartBringsNothingOfADeletedTopicBack() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            fill(client, "old", 5);
            client.ask("GET events");
            assertThat(client.ask("DELETE events")).isEqualTo("OK");
        }
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            assertGone(client);
            assertThat(client.ask("REGISTER events")).isEqualTo("OK");
            assertStartsEmpty(client);
        }
        assertThat(streamsIn(dir)).hasSize(2);
    }

    @Test
    void anyOfThreeNodesDeletesForAllAndNoneServesTheOldEntriesUnderTheNewTopic() {
        try (ThreeNodes nodes = ThreeNodes.start(dir, draft -> draft.segmentEntriesMax = 4);
                RawClient first = nodes.connect(1);
                RawClient second = nodes.connect(2);
                RawClient third = nodes.connect(3)) {
            fill(first, "old", 21);
            for (int i = 0; i < 6; i++) {
                assertThat(third.ask("GET events")).isEqualTo("OK old " + i);
            }

            assertThat(second.ask("DELETE events")).isEqualTo("OK");
            assertThat(third.ask("REGISTER events")).isEqualTo("OK");

            for (RawClient client : List.of(third, first, second)) {
                await().until(() -> client.ask("STATE events").contains("\"current_segment\":1,"));
            }
            assertStartsEmpty(first);
            for (RawClient client : List.of(second, third)) {
                assertThat(client.ask("FETCH events 1 0")).isEqualTo("OK 1 new");
                assertThat(client.ask("FETCH events 2 0")).startsWith("ERR NO_SEGMENT");
            }
        }
    }

    @Test
    void aNodeThatWasAwayDropsWhatWasDeletedMeanwhile() {
        try (ThreeNodes nodes = ThreeNodes.start(dir, draft -> draft.segmentEntriesMax = 4)) {
            try (RawClient client = nodes.connect(1)) {
                fill(client, "old", 13);
            }
            nodes.stop(3);
            try (RawClient client = nodes.connect(1)) {
                assertThat(client.ask("DELETE events")).isEqualTo("OK");
            }
            assertThat(streamsIn(Path.of(nodes.node(3).options().dataDir()))).isNotEmpty();
            nodes.startAgain(3);
            try (RawClient client = nodes.connect(3)) {
                assertGone(client);
            }
            nodes.stop(3);
            assertThat(streamsIn(Path.of(nodes.node(3).options().dataDir()))).isEmpty();
        }
    }

    private static void fill(RawClient client, String word, int count) {
        assertThat(client.ask("REGISTER events")).isEqualTo("OK");
        for (int i = 0; i < count; i++) {
            assertThat(client.ask("PUT events " + word + " " + i)).isEqualTo("OK");
        }
    }

    private static void assertGone(RawClient client) {
        for (String request :
                List.of(
                        "GET events",
                        "PUT events x",
                        "FETCH events 1 0",
                        "STATE events",
                        "DELETE events")) {
            assertThat(client.ask(request)).startsWith("ERR NO_TOPIC unknown topic");
        }
        assertThat(client.ask("TOPICS")).isEqualTo("[]");
    }

    private static void assertStartsEmpty(RawClient client) {
        assertThat(client.ask("STATE events")).contains("\"current_segment\":1,");
        assertThat(client.ask("GET events")).isEqualTo("EMPTY");
        assertThat(client.ask("FETCH events 1 0")).isEqualTo("EMPTY");
        assertThat(client.ask("APPEND events new")).isEqualTo("OK 1 0");
        assertThat(client.ask("GET events")).isEqualTo("OK new");
    }

    private static List<String> streamsIn(Path nodeDir) {
        try (Wal wal = Wal.open(WalOptions.in(nodeDir.resolve("log")).topicNameLengthMax(200))) {
            return List.copyOf(wal.topics());
        }
    }
}
