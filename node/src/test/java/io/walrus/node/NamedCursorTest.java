package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Named cursors over the wire: one value for the cluster, whoever is asked. */
class NamedCursorTest {

    @TempDir private Path dir;

    @Test
    void aCursorStandsAtTheFirstEntryUntilItIsCommittedAndNeverGoesBack() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            client.ask("PUT events a");
            client.ask("PUT events b");
            assertThat(client.ask("CURSOR events me")).isEqualTo("OK 1 0");
            assertThat(client.ask("CURSORS events")).isEqualTo("{}");
            assertThat(client.ask("COMMIT events me 1 2")).isEqualTo("OK");
            assertThat(client.ask("COMMIT events me 1 2")).isEqualTo("OK");
            assertThat(client.ask("COMMIT events me 1 1"))
                    .startsWith("ERR CURSOR_BACK ")
                    .contains("SEEK moves it back");
            assertThat(client.ask("SEEK events me 1 1 1 0"))
                    .startsWith("ERR CURSOR_MOVED ")
                    .contains("1:2");
            assertThat(client.ask("SEEK events me 1 2 1 0")).isEqualTo("OK");
            assertThat(client.ask("SEEK events me 1 2 1 0")).isEqualTo("OK");
            assertThat(client.ask("CURSOR events me")).isEqualTo("OK 1 0");
            assertThat(client.ask("SEEK events me 1 0 9 0")).startsWith("ERR BAD_REQUEST ");
            assertThat(client.ask("SEEK events you 1 0 1 1")).startsWith("ERR CURSOR_MOVED ");
            assertThat(client.ask("SEEK other me 1 0 1 1")).startsWith("ERR NO_TOPIC ");
            assertThat(client.ask("COMMIT events me 1 2")).isEqualTo("OK");
            assertThat(client.ask("COMMIT events me 9 0")).startsWith("ERR BAD_REQUEST ");
            assertThat(client.ask("COMMIT other me 1 0")).startsWith("ERR NO_TOPIC ");
            assertThat(client.ask("CURSOR events me")).isEqualTo("OK 1 2");
            assertThat(client.ask("CURSORS events"))
                    .isEqualTo("{\"me\":{\"segment\":1,\"offset\":2}}");
        }
    }

    @Test
    void cursorsSurviveARestartAndTheRolloverThatComesWithIt() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            client.ask("PUT events a");
            assertThat(client.ask("COMMIT events me 1 1")).isEqualTo("OK");
        }
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("PUT events b");
            assertThat(client.ask("CURSOR events me")).isEqualTo("OK 1 1");
            assertThat(client.ask("COMMIT events me 2 1")).isEqualTo("OK");
            assertThat(client.ask("DELETE events")).isEqualTo("OK");
            client.ask("REGISTER events");
            assertThat(client.ask("CURSOR events me")).isEqualTo("OK 1 0");
        }
    }

    @Test
    void whatOneNodeCommittedEveryOtherOneShowsAtOnceAlsoAfterTheLeaderIsGone() {
        try (ThreeNodes nodes = ThreeNodes.start(dir);
                RawClient second = nodes.connect(2);
                RawClient third = nodes.connect(3)) {
            try (RawClient first = nodes.connect(1)) {
                first.ask("REGISTER events");
                for (int i = 1; i <= 20; i++) {
                    assertThat(first.ask("PUT events " + i)).isEqualTo("OK");
                    assertThat(second.ask("COMMIT events me 1 " + i)).isEqualTo("OK");
                    assertThat(third.ask("CURSOR events me")).isEqualTo("OK 1 " + i);
                    assertThat(first.ask("CURSOR events me")).isEqualTo("OK 1 " + i);
                }
            }
            nodes.stop(1);
            assertThat(third.ask("CURSOR events me")).isEqualTo("OK 1 20");
            assertThat(third.ask("COMMIT events me 1 19")).startsWith("ERR CURSOR_BACK ");
        }
    }
}
