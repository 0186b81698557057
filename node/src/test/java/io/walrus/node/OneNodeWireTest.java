package io.walrus.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The facts of the wire, from a raw socket against one real node. */
class OneNodeWireTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path dir;
    private NodeFixture node;
    private RawClient client;

    @BeforeEach
    void startNode() {
        node = NodeFixture.start(dir);
        client = node.connect();
    }

    @AfterEach
    void stopNode() {
        client.close();
        node.close();
    }

    @Test
    void registerIsOkAlsoForATopicThatExists() {
        assertThat(client.ask("REGISTER events")).isEqualTo("OK");
        assertThat(client.ask("REGISTER events")).isEqualTo("OK");
    }

    @Test
    void putIsAnsweredByExactlyOkAndGetHandsTheBytesBackInOrder() {
        client.ask("REGISTER events");
        assertThat(client.ask("PUT events first")).isEqualTo("OK");
        assertThat(client.ask("PUT events  two  spaces ")).isEqualTo("OK");
        assertThat(client.ask("GET events")).isEqualTo("OK first");
        assertThat(client.ask("GET events")).isEqualTo("OK  two  spaces ");
        assertThat(client.ask("GET events")).isEqualTo("EMPTY");
    }

    @Test
    void aDrainThatNobodyCanTakeIsRefusedAndTheNodeLeadsOn() {
        client.ask("REGISTER events");
        assertThat(client.ask("DRAIN")).startsWith("ERR NO_LEADER ").contains("leads as before");
        await().until(() -> client.ask("REGISTER later").equals("OK"));
        await().until(() -> client.ask("PUT later x").equals("OK"));
    }

    @Test
    void aPlaceThatATopicDoesNotHaveIsNamedAsItIsWritten() {
        client.ask("REGISTER events");
        assertThat(client.ask("COMMIT events me 9 5")).startsWith("ERR ").endsWith("found 9:5");
    }

    @Test
    void payloadsAreBytesAndNotText() {
        client.ask("REGISTER bytes");
        var random = new Random(7);
        for (int length : new int[] {0, 1, 3, 255, 4_096, 65_536, 1_000_000}) {
            var payload = new byte[length];
            random.nextBytes(payload);
            client.sendBytes(RawClient.frame(join("PUT bytes ", payload)));
            assertThat(client.receive()).isEqualTo("OK");
            client.send("GET bytes");
            assertThat(client.receiveBytes()).isEqualTo(join("OK ", payload));
        }
    }

    @Test
    void putToATopicThatNobodyRegisteredIsRefusedInWordsThatClientsLookFor() {
        assertThat(client.ask("PUT nowhere x")).startsWith("ERR ").contains("unknown topic");
        assertThat(client.ask("GET nowhere")).startsWith("ERR ").contains("unknown topic");
        assertThat(client.ask("STATE nowhere")).startsWith("ERR ").contains("unknown topic");
        assertThat(client.ask("FETCH nowhere 1 0")).startsWith("ERR ").contains("unknown topic");
    }

    @Test
    void fetchReadsOneEntryByItsPlaceAndMovesNoCursor() {
        client.ask("REGISTER events");
        client.ask("PUT events a");
        client.ask("PUT events b");
        assertThat(client.ask("FETCH events 1 0")).isEqualTo("OK 1 a");
        assertThat(client.ask("FETCH events 1 1")).isEqualTo("OK 2 b");
        assertThat(client.ask("FETCH events 1 2")).isEqualTo("EMPTY");
        assertThat(client.ask("FETCH events 1 0")).isEqualTo("OK 1 a");
        assertThat(client.ask("GET events")).isEqualTo("OK a");
        assertThat(client.ask("FETCH events 9 0")).startsWith("ERR NO_SEGMENT");
    }

    @Test
    void stateIsBareJsonWithTheKeysThatClientsRead() throws IOException {
        client.ask("REGISTER events");
        client.ask("PUT events a");
        JsonNode state = JSON.readTree(client.ask("STATE events"));
        assertThat(state.get("current_segment").isInt()).isTrue();
        assertThat(state.get("current_segment").asInt()).isEqualTo(1);
        assertThat(state.get("leader_node").asInt()).isEqualTo(1);
        assertThat(state.get("last_sealed_entry_offset").asInt()).isZero();
        assertThat(state.get("sealed_segments")).isEmpty();
        assertThat(state.get("segment_leaders").get("1").asInt()).isEqualTo(1);
    }

    @Test
    void theLeaderTellsWhatTheOpenSegmentHas() throws IOException {
        client.ask("REGISTER events");
        assertThat(openEntries()).isZero();
        client.ask("PUT events a");
        client.ask("PUT events b");
        assertThat(openEntries()).isEqualTo(2);
        JsonNode open = JSON.readTree(client.ask("METRICS")).get("open_segments");
        assertThat(open.get("led").asInt()).isEqualTo(1);
        assertThat(open.get("entries").asInt()).isEqualTo(2);
    }

    private int openEntries() throws IOException {
        return JSON.readTree(client.ask("STATE events")).get("open_segment_entries").asInt();
    }

    @Test
    void metricsIsBareJsonWithTheKeysThatClientsRead() throws IOException {
        JsonNode metrics = JSON.readTree(client.ask("METRICS"));
        assertThat(metrics.get("id").asInt()).isEqualTo(1);
        assertThat(metrics.get("state").asText()).isEqualTo("Leader");
        assertThat(metrics.get("current_term").asInt()).isPositive();
        assertThat(metrics.get("current_leader").asInt()).isEqualTo(1);
        assertThat(metrics.get("last_log_index").asInt()).isPositive();
        assertThat(metrics.get("last_applied").get("index").asInt()).isPositive();
        JsonNode membership = metrics.get("membership_config").get("membership");
        assertThat(membership.get("configs").get(0).get(0).asInt()).isEqualTo(1);
        assertThat(membership.get("nodes").has("1")).isTrue();
        assertThat(metrics.get("replication").get("1").get("index").asInt()).isPositive();
    }

    @Test
    void unknownVerbsAndWrongCaseAreRefusedAndTheConnectionGoesOn() {
        assertThat(client.ask("put events x")).startsWith("ERR ");
        assertThat(client.ask("DANCE")).startsWith("ERR ");
        assertThat(client.ask("REGISTER ../x")).startsWith("ERR ");
        assertThat(client.ask("REGISTER " + "x".repeat(10_000))).startsWith("ERR ");
        assertThat(client.ask("REGISTER events")).isEqualTo("OK");
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        client.sendBytes(
                RawClient.frames(
                        "REGISTER events",
                        "PUT events 1",
                        "PUT events 2",
                        "GET events",
                        "DANCE",
                        "PUT events 3",
                        "GET events",
                        "GET events",
                        "GET events"));
        assertThat(client.receive()).isEqualTo("OK");
        assertThat(client.receive()).isEqualTo("OK");
        assertThat(client.receive()).isEqualTo("OK");
        assertThat(client.receive()).isEqualTo("OK 1");
        assertThat(client.receive()).startsWith("ERR NO_COMMAND");
        assertThat(client.receive()).isEqualTo("OK");
        assertThat(client.receive()).isEqualTo("OK 2");
        assertThat(client.receive()).isEqualTo("OK 3");
        assertThat(client.receive()).isEqualTo("EMPTY");
    }

    @Test
    void manyPipelinedPutsToManyTopicsKeepEachTopicsOrder() {
        for (int topic = 0; topic < 3; topic++) {
            client.ask("REGISTER t" + topic);
        }
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < 3_000; i++) {
            all.writeBytes(RawClient.frame("PUT t" + i % 3 + " " + i));
        }
        client.sendBytes(all.toByteArray());
        for (int i = 0; i < 3_000; i++) {
            assertThat(client.receive()).isEqualTo("OK");
        }
        for (int i = 0; i < 3_000; i++) {
            assertThat(client.ask("GET t" + i % 3)).isEqualTo("OK " + i);
        }
    }

    @Test
    void framesMayArriveInPiecesOfAnySize() throws IOException {
        client.ask("REGISTER events");
        byte[] bytes = RawClient.frames("PUT events hello", "GET events");
        for (byte b : bytes) {
            client.sendBytes(new byte[] {b});
        }
        assertThat(client.receive()).isEqualTo("OK");
        assertThat(client.receive()).isEqualTo("OK hello");
    }

    @Test
    void manyConnectionsConsumeEachEntryOnce() {
        client.ask("REGISTER shared");
        for (int i = 0; i < 200; i++) {
            client.ask("PUT shared " + i);
        }
        var seen = new java.util.concurrent.ConcurrentSkipListSet<String>();
        var threads =
                Arrays.asList(new Thread[4]).stream()
                        .map(
                                none ->
                                        new Thread(
                                                () -> {
                                                    try (RawClient reader = node.connect()) {
                                                        String reply;
                                                        while (!(reply = reader.ask("GET shared"))
                                                                .equals("EMPTY")) {
                                                            assertThat(seen.add(reply)).isTrue();
                                                        }
                                                    }
                                                }))
                        .toList();
        threads.forEach(Thread::start);
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(seen).hasSize(200);
    }

    private static byte[] join(String head, byte[] tail) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(UTF_8));
        all.writeBytes(tail);
        return all.toByteArray();
    }
}
