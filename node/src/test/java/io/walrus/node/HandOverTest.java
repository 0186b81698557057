package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that goes on purpose: nobody waits for a lease to run out. */
class HandOverTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path dir;

    private static JsonNode state(RawClient client, String topic) {
        try {
            return JSON.readTree(client.ask("STATE " + topic));
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private static int leaderOf(RawClient client, String topic) {
        return state(client, topic).get("leader_node").asInt();
    }

    /** Puts numbers through one node until it is told to stop; remembers the longest wait. */
    private static final class Writer extends Thread {
        private final RawClient client;
        private final String topic;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final List<String> errors = new ArrayList<>();
        private volatile int acked;
        private long longestNanos;

        Writer(RawClient client, String topic) {
            super("writer");
            this.client = client;
            this.topic = topic;
        }

        @Override
        public void run() {
            while (!ended.get()) {
                long sentNanos = System.nanoTime();
                String reply = client.ask("PUT " + topic + " " + acked);
                longestNanos = Math.max(longestNanos, System.nanoTime() - sentNanos);
                if (reply.equals("OK")) {
                    acked++;
                } else {
                    errors.add(reply);
                }
            }
        }

        void end() throws InterruptedException {
            int before = acked;
            await().until(() -> acked > before + 20 || !errors.isEmpty());
            ended.set(true);
            join();
            assertThat(errors).isEmpty();
        }
    }

    @Test
    void aStoppedLeaderHandsItsTopicsOverAndItsWritersSeeAPauseAndNoError() throws Exception {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1)) {
            one.ask("REGISTER events");
            int leader = leaderOf(one, "events");
            int other = leader % 3 + 1;
            try (RawClient client = three.connect(other)) {
                var writer = new Writer(client, "events");
                writer.start();
                await().until(() -> writer.acked > 100);
                three.stop(leader);
                writer.end();
                System.getLogger("walrus.test")
                        .log(
                                System.Logger.Level.WARNING,
                                "longest PUT across a planned hand-over: {0} ms",
                                TimeUnit.NANOSECONDS.toMillis(writer.longestNanos));

                JsonNode state = state(client, "events");
                assertThat(state.get("segment_states").get("1").asText()).isEqualTo("sealed");
                assertThat(state.get("leader_node").asInt()).isNotEqualTo(leader);
                int sealed = state.get("sealed_segments").get("1").asInt();
                assertThat(client.ask("FETCH events 2 0")).isEqualTo("OK 1 " + sealed);
            }
        }
    }

    @Test
    void aNodeThatStopsKeepsNoTopicThatItIsGivenMeanwhile() throws Exception {
        try (ThreeNodes three = ThreeNodes.start(dir)) {
            int stopped = three.node(1).raftStatus().leader() % 3 + 1;
            List<Registrar> registrars =
                    Stream.of(stopped % 3 + 1, (stopped + 1) % 3 + 1)
                            .map(id -> new Registrar(three.connect(id), "through" + id))
                            .toList();
            registrars.forEach(Thread::start);
            await().until(() -> registrars.stream().allMatch(one -> one.count > 0));
            three.stop(stopped);
            for (Registrar registrar : registrars) {
                List<String> left =
                        registrar.end().stream()
                                .filter(topic -> leaderOf(registrar.client, topic) == stopped)
                                .toList();
                assertThat(left).as("topics that wait for a lease to run out").isEmpty();
                registrar.client.close();
            }
        }
    }

    /** Creates topics through one node until it is told to stop. */
    private static final class Registrar extends Thread {
        private final RawClient client;
        private final String prefix;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final List<String> refusals = new ArrayList<>();
        private volatile int count;

        Registrar(RawClient client, String prefix) {
            super("registrar");
            this.client = client;
            this.prefix = prefix;
        }

        @Override
        public void run() {
            while (!ended.get()) {
                String reply = client.ask("REGISTER " + prefix + "-" + count);
                if (reply.equals("OK")) {
                    count++;
                } else {
                    refusals.add(reply);
                }
            }
        }

        List<String> end() throws InterruptedException {
            ended.set(true);
            join();
            assertThat(refusals).isEmpty();
            return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
        }
    }

    @Test
    void theLeaderOfTheMetadataHandsItOverBeforeItStops() {
        try (ThreeNodes three = ThreeNodes.start(dir)) {
            int leader = three.node(1).raftStatus().leader();
            int other = leader % 3 + 1;
            three.stop(leader);
            await().until(
                            () ->
                                    !Set.of(leader, 0)
                                            .contains(three.node(other).raftStatus().leader()));
            try (RawClient client = three.connect(other)) {
                assertThat(client.ask("REGISTER events")).isEqualTo("OK");
                assertThat(leaderOf(client, "events")).isNotEqualTo(leader);
            }
        }
    }

    @Test
    void aDrainedNodeLeadsNothingNewUntilItIsUndrained() {
        try (ThreeNodes three = ThreeNodes.start(dir, draft -> draft.segmentEntriesMax = 5);
                RawClient two = three.connect(2);
                RawClient three3 = three.connect(3)) {
            for (int i = 0; i < 6; i++) {
                assertThat(two.ask("REGISTER old" + i)).isEqualTo("OK");
            }
            assertThat(two.ask("DRAIN")).isEqualTo("OK");
            assertThat(two.ask("METRICS")).contains("\"draining\":[2]");
            await().until(() -> three3.ask("METRICS").contains("\"draining\":[2]"));
            for (int i = 0; i < 6; i++) {
                assertThat(leaderOf(two, "old" + i)).isNotEqualTo(2);
                assertThat(three3.ask("REGISTER new" + i)).isEqualTo("OK");
                for (int entry = 0; entry < 12; entry++) {
                    assertThat(two.ask("PUT old" + i + " x")).isEqualTo("OK");
                }
            }
            for (int i = 0; i < 6; i++) {
                String topic = "new" + i;
                await().until(() -> leaderOf(three3, topic) != 2);
                JsonNode leaders = state(two, "old" + i).get("segment_leaders");
                assertThat(leaders.get("" + leaders.size()).asInt()).isNotEqualTo(2);
            }
            assertThat(two.ask("UNDRAIN")).isEqualTo("OK");
            assertThat(two.ask("METRICS")).contains("\"draining\":[]");
            await().until(() -> three3.ask("METRICS").contains("\"draining\":[]"));
            await().until(
                            () -> {
                                two.ask("PUT old0 x");
                                return leaderOf(two, "old0") == 2;
                            });
        }
    }

    @Test
    void anEndOfDrainingThatNobodyAgreesToIsNotToldAsDone() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient two = three.connect(2)) {
            assertThat(two.ask("DRAIN")).isEqualTo("OK");
            three.stopAtOnce(1);
            three.stopAtOnce(3);
            assertThat(two.ask("UNDRAIN")).startsWith("ERR UNKNOWN ").contains("METRICS");
        }
    }

    @Test
    void aNodeThatHoldsTheOnlyCopyLeavesOnlyByForce() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1)) {
            one.ask("REGISTER events");
            one.ask("PUT events a");
            int leader = leaderOf(one, "events");
            RawClient left = three.connect(leader);
            assertThat(left.ask("LEAVE safe"))
                    .startsWith("ERR ONLY_COPY ")
                    .contains("events 1", "LEAVE force");
            assertThat(leaderOf(left, "events")).isEqualTo(leader);
            assertThat(left.ask("LEAVE force")).isEqualTo("OK");
            NodeFixture.await(three.node(leader).left());
            three.stop(leader);

            int other = leader % 3 + 1;
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(three.node(other).raftStatus().voters())
                                            .containsExactlyInAnyOrder(other, other % 3 + 1));
            try (RawClient client = three.connect(other)) {
                assertThat(client.ask("PUT events b")).isEqualTo("OK");
            }
        }
    }

    @Test
    void aNodeThatHoldsNothingLeavesAndMayJoinAgain() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1);
                RawClient left = three.connect(3)) {
            one.ask("REGISTER events");
            assertThat(left.ask("LEAVE safe")).isEqualTo("OK");
            three.stop(3);
            assertThat(one.ask("PUT events a")).isEqualTo("OK");
            three.startAgain(3);
            await().until(() -> three.node(1).raftStatus().voters().size() == 3);
        }
    }

    @Test
    void anEmptySegmentOfANodeThatLeftIsNoLoss() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                RawClient one = three.connect(1)) {
            one.ask("REGISTER events");
            int leader = leaderOf(one, "events");
            int other = leader % 3 + 1;
            try (RawClient left = three.connect(leader)) {
                assertThat(left.ask("LEAVE safe")).isEqualTo("OK");
            }
            NodeFixture.await(three.node(leader).left());
            three.stop(leader);
            try (RawClient client = three.connect(other)) {
                assertThat(client.ask("APPEND events a")).isEqualTo("OK 2 0");
                assertThat(client.ask("FETCH events 1 0")).isEqualTo("EMPTY");
                assertThat(client.ask("READ events 1 0 100")).contains("2 1").endsWith("a");
                assertThat(client.ask("PLACE events 0")).isEqualTo("OK 2 0");
                assertThat(client.ask("GET events")).isEqualTo("OK a");
                assertThat(state(client, "events").get("missing_segments")).isEmpty();
            }
        }
    }

    @Test
    void aClusterOfOneCannotBeLeftNorDrained() {
        try (NodeFixture node = NodeFixture.start(dir);
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            assertThat(client.ask("DRAIN")).startsWith("ERR NO_LEADER ");
            assertThat(client.ask("LEAVE safe")).startsWith("ERR BAD_REQUEST ");
            assertThat(client.ask("LEAVE now")).contains("safe or force");
            assertThat(client.ask("PUT events a")).isEqualTo("OK");
        }
    }

    @Test
    void aTopicRollsOverByCommandAskedAtAnyNode() {
        try (ThreeNodes three = ThreeNodes.start(dir)) {
            try (RawClient one = three.connect(1)) {
                one.ask("REGISTER events");
                assertThat(one.ask("ROLL events")).isEqualTo("OK");
                assertThat(state(one, "events").get("current_segment").asInt()).isEqualTo(1);
            }
            for (int id = 1; id <= 3; id++) {
                try (RawClient client = three.connect(id)) {
                    assertThat(client.ask("PUT events " + id)).isEqualTo("OK");
                    assertThat(client.ask("ROLL events")).isEqualTo("OK");
                    int segment = id;
                    await().until(
                                    () ->
                                            state(client, "events").get("current_segment").asInt()
                                                    == segment + 1);
                }
            }
        }
    }
}
