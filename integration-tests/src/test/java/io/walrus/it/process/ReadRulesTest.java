package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node is killed while entries are consumed: what its shared cursors promised then holds. */
class ReadRulesTest {

    private static final int ENTRIES = 60;
    private static final int CONSUMED = 25;

    @TempDir private Path dir;

    private static void fill(NodeUnderTest node, String topic) throws IOException {
        try (var wire = new Wire(node.clientPort())) {
            assertThat(wire.ask("REGISTER " + topic)).isEqualTo("OK");
            for (int i = 0; i < ENTRIES; i++) {
                assertThat(wire.ask("PUT " + topic + " " + i)).isEqualTo("OK");
            }
        }
    }

    private static int take(NodeUnderTest node, String topic) throws IOException {
        try (var wire = new Wire(node.clientPort())) {
            String reply = wire.ask("GET " + topic);
            assertThat(reply).startsWith("OK ");
            return Integer.parseInt(reply.substring("OK ".length()));
        }
    }

    /** Consumes, kills, starts again; returns the first entry that the second life hands out. */
    private int firstAfterKill(NodeUnderTest first, String topic, String... flags)
            throws IOException {
        for (int i = 0; i < CONSUMED; i++) {
            assertThat(take(first, topic)).isEqualTo(i);
        }
        first.kill();
        try (NodeUnderTest second = NodeUnderTest.start(dir, flags)) {
            int at = take(second, topic);
            Set<Integer> rest = new HashSet<>();
            rest.add(at);
            for (int i = at + 1; i < ENTRIES; i++) {
                rest.add(take(second, topic));
            }
            assertThat(rest).as("none is skipped").hasSize(ENTRIES - at);
            return at;
        }
    }

    @Test
    void strictlyAtOnceIsTheDefaultAndHandsOutNothingTwice() throws IOException {
        NodeUnderTest node = NodeUnderTest.start(dir);
        fill(node, "orders");
        assertThat(firstAfterKill(node, "orders")).isEqualTo(CONSUMED);
    }

    @Test
    void atLeastOnceSkipsNothing() throws IOException {
        String[] flags = {"--reads", "at-least-once"};
        NodeUnderTest node = NodeUnderTest.start(dir, flags);
        fill(node, "orders");
        assertThat(firstAfterKill(node, "orders", flags)).isBetween(0, CONSUMED);
    }

    @Test
    void aTopicMayHaveARuleOfItsOwnAndKeepsItThroughARestart() throws IOException {
        NodeUnderTest node = NodeUnderTest.start(dir, "--reads", "at-least-once");
        fill(node, "orders");
        try (var wire = new Wire(node.clientPort())) {
            assertThat(wire.ask("READS orders strictly-at-once")).isEqualTo("OK");
            assertThat(wire.ask("READS orders strictly-at-once")).isEqualTo("OK");
            assertThat(wire.ask("READS orders twice")).startsWith("ERR BAD_REQUEST ");
            assertThat(wire.ask("READS nothing as-node")).startsWith("ERR NO_TOPIC ");
            assertThat(wire.ask("STATE orders")).contains("\"reads\":\"strictly-at-once\"");
        }
        assertThat(firstAfterKill(node, "orders", "--reads", "at-least-once")).isEqualTo(CONSUMED);
        try (NodeUnderTest third = NodeUnderTest.start(dir);
                var wire = new Wire(third.clientPort())) {
            assertThat(wire.ask("STATE orders")).contains("\"reads\":\"strictly-at-once\"");
        }
    }
}
