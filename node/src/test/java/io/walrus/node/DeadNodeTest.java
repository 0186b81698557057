package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is gone for good does not have to count as a member for ever. */
class DeadNodeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path dir;

    @Test
    void aLiveNodeIsNotRemoved() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1)) {
            for (String topic : List.of("a", "b", "c")) {
                one.ask("REGISTER " + topic);
                assertThat(one.ask("PUT " + topic + " x")).isEqualTo("OK");
            }
            await().atMost(PATIENCE).until(() -> one.ask("REMOVE 3 safe").contains("is alive"));
            assertThat(one.ask("REMOVE 1 force")).startsWith("ERR BAD_REQUEST ").contains("LEAVE");
            assertThat(one.ask("REMOVE 9 force")).contains("members are [1, 2, 3]");
            assertThat(three.node(1).raftStatus().voters()).hasSize(3);
        }
    }

    @Test
    void whetherANodeIsAliveIsToldBeforeWhetherItCanBeSpared() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1);
                RawClient two = three.connect(2)) {
            one.ask("REGISTER events");
            while (leaderOf(one) != 2) {
                assertThat(one.ask("PUT events x")).isEqualTo("OK");
                assertThat(one.ask("ROLL events")).isEqualTo("OK");
            }
            assertThat(one.ask("PUT events x")).isEqualTo("OK");
            assertThat(two.ask("DRAIN")).isEqualTo("OK");
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    one.ask("REMOVE 2 safe")
                                            .startsWith("ERR BAD_REQUEST node 2 is alive"));
        }
    }

    @Test
    void aDeadNodeIsRemovedByForceAndWhatOnlyItHeldIsGoneUnlessItComesBack() {
        try (ThreeNodes three = ThreeNodes.start(dir)) {
            int dead;
            String place;
            try (RawClient one = three.connect(1)) {
                one.ask("REGISTER events");
                while (leaderOf(one) == 1) {
                    assertThat(one.ask("PUT events filler")).isEqualTo("OK");
                    assertThat(one.ask("ROLL events")).isEqualTo("OK");
                }
                place = one.ask("APPEND events a").substring("OK ".length());
                dead = leaderOf(one);
            }
            int other = dead % 3 + 1;
            three.stopAtOnce(dead);
            try (RawClient client = three.connect(other)) {
                await().atMost(PATIENCE).until(() -> leaderOf(client) != dead);
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        client.ask("REMOVE " + dead + " safe")
                                                .matches("ERR ONLY_COPY .* 1 segment \\(.*"));
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        client.ask("REMOVE " + dead + " force")
                                                .matches("OK|.*no member is node.*"));
                await().atMost(PATIENCE)
                        .until(() -> !three.node(other).raftStatus().voters().contains(dead));
                assertThat(client.ask("STATE events"))
                        .contains("\"missing_segments\":[" + place.split(" ")[0] + "]");
                assertThat(client.ask("FETCH events " + place)).startsWith("ERR GONE ");
                await().atMost(PATIENCE).until(() -> client.ask("PUT events b").equals("OK"));
                assertThat(client.ask("REMOVE " + dead + " force")).contains("no member");
                three.startAgain(dead);
                await().atMost(PATIENCE)
                        .until(() -> three.node(other).raftStatus().voters().size() == 3);
                await().atMost(PATIENCE)
                        .until(() -> client.ask("FETCH events " + place).equals("OK 1 a"));
            }
        }
    }

    private static int leaderOf(RawClient client) {
        String state = client.ask("STATE events");
        return Integer.parseInt(state.replaceAll(".*\"leader_node\":(\\d+).*", "$1"));
    }
}
