package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.client.WalrusClient;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WAIT: told when there is something to read, and when there is not. */
class WaitTest {

    @TempDir private Path dir;

    @Test
    void aWaitEndsWithTheEntryOrWithTheTime() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient reader = node.connect();
                RawClient writer = node.connect()) {
            writer.ask("REGISTER events");
            assertThat(reader.ask("WAIT events 1 0 0")).isEqualTo("EMPTY");
            assertThat(reader.ask("WAIT events 1 0 20")).isEqualTo("EMPTY");
            reader.send("WAIT events 1 0 60000");
            assertThat(writer.ask("PUT events a")).isEqualTo("OK");
            assertThat(reader.receive()).isEqualTo("OK");
            assertThat(reader.ask("WAIT events 1 0 60000")).isEqualTo("OK");
            assertThat(reader.ask("WAIT other 1 0 60000")).startsWith("ERR NO_TOPIC ");
        }
    }

    @Test
    void aWaitAtTheSharedCursorEndsWhenGetWouldBringSomething() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient reader = node.connect();
                RawClient writer = node.connect()) {
            writer.ask("REGISTER events");
            writer.ask("PUT events a");
            assertThat(reader.ask("WAIT events 0 0 60000")).isEqualTo("OK");
            assertThat(reader.ask("GET events")).isEqualTo("OK a");
            assertThat(reader.ask("WAIT events 0 0 0")).isEqualTo("EMPTY");
            reader.send("WAIT events 0 0 60000");
            writer.ask("PUT events b");
            assertThat(reader.receive()).isEqualTo("OK");
            assertThat(reader.ask("GET events")).isEqualTo("OK b");
        }
    }

    @Test
    void anyNodeCanBeAskedAndASealEndsTheWait() {
        try (ThreeNodes nodes = ThreeNodes.start(dir);
                RawClient first = nodes.connect(1);
                RawClient second = nodes.connect(2);
                RawClient third = nodes.connect(3)) {
            first.ask("REGISTER events");
            first.ask("PUT events a");
            RawClient[] all = {first, second, third};
            for (RawClient client : all) {
                client.send("WAIT events 1 1 60000");
            }
            try (RawClient writer = nodes.connect(2)) {
                writer.ask("PUT events b");
                for (RawClient client : all) {
                    assertThat(client.receive()).isEqualTo("OK");
                    client.send("WAIT events 1 2 60000");
                }
                assertThat(writer.ask("ROLL events")).isEqualTo("OK");
                for (RawClient client : all) {
                    assertThat(client.receive()).isEqualTo("OK");
                    client.send("WAIT events 2 0 60000");
                }
                writer.ask("PUT events c");
                for (RawClient client : all) {
                    assertThat(client.receive()).isEqualTo("OK");
                    client.send("WAIT events 2 1 60000");
                }
                assertThat(writer.ask("DELETE events")).isEqualTo("OK");
                for (RawClient client : all) {
                    assertThat(client.receive()).startsWith("ERR NO_TOPIC ");
                }
            }
        }
    }

    @Test
    void insideTheProcessAWaitHoldsUpNobodyAndAStopEndsIt() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = node.node().client();
            NodeFixture.await(client.register("events"));
            var waiting = client.send(new Command.Wait("events", 1, 0, 60_000));
            assertThat(NodeFixture.await(client.topics())).containsExactly("events");
            var stopped = node.node().stop();
            assertThat(NodeFixture.await(waiting).toString()).contains("STOPPING");
            assertThat(NodeFixture.await(waiting)).isInstanceOf(Reply.Err.class);
            NodeFixture.await(stopped);
        }
    }
}
