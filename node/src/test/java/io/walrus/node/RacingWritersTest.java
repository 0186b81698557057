package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many writers at once, and segments that are full all the time. */
class RacingWritersTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WRITERS = 100;
    private static final int ENTRIES_EACH = 6;
    private static final int SEGMENT_ENTRIES = 10;

    @TempDir private Path dir;

    /** Entry → the place that its ack told. */
    private final Map<String, String> acked = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();

    @Test
    void whatAHundredWritersWereToldIsThereOnceAndInOrderAndEverySealedCountIsExact()
            throws InterruptedException {
        try (ThreeNodes three =
                ThreeNodes.start(
                        dir,
                        draft -> {
                            draft.segmentEntriesMax = SEGMENT_ENTRIES;
                            draft.rpcTimeoutMillis = 30_000;
                        })) {
            try (RawClient one = three.connect(1)) {
                one.ask("REGISTER events");
            }
            race(three);
            assertThat(refused).isEmpty();
            assertThat(acked).hasSize(WRITERS * ENTRIES_EACH);
            requireOrder(new TreeMap<>(acked));
            awaitAllThere(three);

            restartAll(three);
            awaitAllThere(three);
        }
    }

    /** Through each node, as soon as it sees what the others have done. */
    private void awaitAllThere(ThreeNodes three) {
        for (int id = 1; id <= 3; id++) {
            int node = id;
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(walk(three, node)).isEqualTo(acked));
        }
        await().atMost(PATIENCE).untilAsserted(() -> requireSealedCounts(three));
    }

    private void race(ThreeNodes three) throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writers.add(new Thread(() -> write(three, writer), "writer-" + i));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private void write(ThreeNodes three, int writer) {
        try (RawClient client = three.connect(1 + writer % 3)) {
            for (int i = 0; i < ENTRIES_EACH; i++) {
                String entry = "%03d-%03d".formatted(writer, i);
                String reply = client.ask("APPEND events " + entry);
                if (!reply.startsWith("OK ")) {
                    refused.add(reply);
                } else if (acked.put(entry, reply.substring("OK ".length())) != null) {
                    refused.add("acked twice: " + entry);
                }
            }
        } catch (RuntimeException broken) {
            refused.add(broken.toString());
        }
    }

    /** Every entry by place, in order; an entry that is there twice fails. */
    private static Map<String, String> walk(ThreeNodes three, int node) {
        var found = new TreeMap<String, String>();
        try (RawClient client = three.connect(node)) {
            int last = state(client).get("current_segment").asInt();
            for (int segment = 1; segment <= last; segment++) {
                String reply;
                for (int offset = 0;
                        !(reply = fetch(client, segment, offset)).isEmpty();
                        offset++) {
                    assertThat(found.put(reply, segment + " " + offset)).as(reply).isNull();
                }
            }
        }
        return found;
    }

    private static String fetch(RawClient client, int segment, int offset) {
        String reply = client.ask("FETCH events " + segment + " " + offset);
        assertThat(reply).matches("EMPTY|OK .*");
        return reply.equals("EMPTY") ? "" : reply.substring(reply.lastIndexOf(' ') + 1);
    }

    /** The walk is sorted by writer and number, so the places of one writer only grow. */
    private static void requireOrder(Map<String, String> stored) {
        String writer = "";
        long before = -1;
        for (Map.Entry<String, String> entry : stored.entrySet()) {
            String[] place = entry.getValue().split(" ");
            long now = Long.parseLong(place[0]) * SEGMENT_ENTRIES + Long.parseLong(place[1]);
            boolean isSameWriter = entry.getKey().startsWith(writer) && !writer.isEmpty();
            assertThat(now).as(entry.toString()).isGreaterThan(isSameWriter ? before : -1);
            writer = entry.getKey().substring(0, 4);
            before = now;
        }
    }

    private static void requireSealedCounts(ThreeNodes three) {
        try (RawClient client = three.connect(2)) {
            JsonNode sealed = state(client).get("sealed_segments");
            int full = WRITERS * ENTRIES_EACH / SEGMENT_ENTRIES;
            for (int segment = 1; segment < full; segment++) {
                assertThat(sealed.path("" + segment).asInt()).isEqualTo(SEGMENT_ENTRIES);
                assertThat(fetch(client, segment, SEGMENT_ENTRIES - 1)).isNotEmpty();
                assertThat(fetch(client, segment, SEGMENT_ENTRIES)).isEmpty();
            }
        }
    }

    private static void restartAll(ThreeNodes three) {
        for (int id = 1; id <= 3; id++) {
            three.stopAtOnce(id);
        }
        List<Future<WalrusNode>> starting = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            starting.add(three.startAgainQuietly(id));
        }
        starting.forEach(NodeFixture::await);
    }

    private static JsonNode state(RawClient client) {
        try {
            return JSON.readTree(client.ask("STATE events"));
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }
}
