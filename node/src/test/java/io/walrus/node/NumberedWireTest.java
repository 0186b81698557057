package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbered entries over the wire, to one node and to three. */
class NumberedWireTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String A = " 1 \1\0\0\0a";

    @TempDir private Path dir;

    @Test
    void aRequestThatIsSentAgainIsAnsweredWithTheSamePlace() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            assertThat(client.ask("APPENDP events 1 5 0 2 \1\0\0\0a\1\0\0\0b")).isEqualTo("OK 1 0");
            assertThat(client.ask("PUT events x")).isEqualTo("OK");
            assertThat(client.ask("APPENDP events 1 5 0 2 \1\0\0\0a\1\0\0\0b")).isEqualTo("OK 1 0");
            assertThat(client.ask("APPENDP events 1 5 3 1 \1\0\0\0a")).startsWith("ERR NO_LEADER ");
            assertThat(client.ask("APPENDP events 1 5 2" + A)).isEqualTo("OK 1 3");
            assertThat(client.ask("GET events")).isEqualTo("OK a");
            assertThat(client.ask("GET events")).isEqualTo("OK b");
            assertThat(client.ask("FIND events 1 5 0")).startsWith("ERR NO_LEADER ");
        }
    }

    @Test
    void aPipelineOfSingleEntriesIsStoredInTheOrderOfTheirNumbers() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            client.sendBytes(
                    RawClient.frames(
                            "APPENDP events 1 5 0" + A,
                            "APPENDP events 1 5 1" + A,
                            "APPENDP events 1 5 0" + A,
                            "APPENDP events 1 5 2" + A));
            assertThat(client.receive()).isEqualTo("OK 1 0");
            assertThat(client.receive()).isEqualTo("OK 1 1");
            assertThat(client.receive()).isEqualTo("OK 1 0");
            assertThat(client.receive()).isEqualTo("OK 1 2");
        }
    }

    @Test
    void aClosedSegmentRefusesAndIsSearchedAlsoAfterARestart() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            assertThat(client.ask("APPENDP events 1 5 0" + A)).isEqualTo("OK 1 0");
        }
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            await().atMost(LONG).until(() -> client.ask("FIND events 1 5 0").equals("OK 1 0"));
            assertThat(client.ask("FIND events 1 5 1")).isEqualTo("EMPTY");
            assertThat(client.ask("APPENDP events 1 5 1" + A)).startsWith("ERR NO_LEADER ");
            assertThat(client.ask("APPENDP events 2 5 1" + A)).isEqualTo("OK 2 0");
        }
    }

    @Test
    void anyNodeTakesAndFindsNumberedEntries() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1);
                RawClient two = three.connect(2);
                RawClient last = three.connect(3)) {
            one.ask("REGISTER events");
            for (RawClient client : new RawClient[] {one, two, last}) {
                assertThat(client.ask("APPENDP events 1 5 0" + A)).isEqualTo("OK 1 0");
                assertThat(client.ask("APPENDP events 1 5 1 2 \1\0\0\0b\1\0\0\0c"))
                        .isEqualTo("OK 1 1");
            }
            assertThat(two.ask("ROLL events")).isEqualTo("OK");
            for (RawClient client : new RawClient[] {one, two, last}) {
                await().atMost(LONG).until(() -> client.ask("FIND events 1 5 2").equals("OK 1 2"));
                assertThat(client.ask("FIND events 1 5 3")).isEqualTo("EMPTY");
                assertThat(client.ask("APPENDP events 1 5 3" + A)).startsWith("ERR NO_LEADER ");
            }
        }
    }
}
