package io.walrus.node;

import static io.walrus.node.NodeFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.Place;
import io.walrus.client.TopicReaderOptions;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a time lies in a topic, whichever segment and node has it. */
class PlaceTest {

    private final Vertx vertx = Vertx.vertx();

    @TempDir Path dir;

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void aTimeIsFoundInEverySegmentThroughEveryNode() {
        try (ThreeNodes nodes = ThreeNodes.start(dir, draft -> draft.segmentEntriesMax = 3)) {
            WalrusClient client = client(nodes.node(1).clientPort());
            await(client.register("events"));
            Instant[] before = new Instant[10];
            for (int i = 0; i < before.length; i++) {
                before[i] = aLaterMillisecond();
                await(client.put("events", Buffer.buffer("" + i)));
            }
            for (int node = 1; node <= 3; node++) {
                WalrusClient other = client(nodes.node(node).clientPort());
                awaitThat(() -> await(other.end("events")).equals(new Place(4, 1)));
                for (int i = 0; i < before.length; i++) {
                    Place found = await(other.placeAt("events", before[i]));
                    assertThat(firstAt(other, found))
                            .as("entry " + i + " through node " + node + " at " + found)
                            .isEqualTo("" + i);
                }
                assertThat(await(other.placeAt("events", Instant.EPOCH))).isEqualTo(Place.FIRST);
                assertThat(await(other.placeAt("events", aLaterMillisecond())))
                        .isEqualTo(new Place(4, 1));
            }
            try (RawClient raw = nodes.connect(2)) {
                assertThat(raw.ask("PLACE events 0")).isEqualTo("OK 1 0");
                assertThat(raw.ask("PLACEIN events 2 0")).isEqualTo("OK 2 0");
                assertThat(raw.ask("PLACEIN events 99 0")).startsWith("ERR NO_SEGMENT");
                assertThat(raw.ask("READ events 99 0 10")).startsWith("ERR NO_SEGMENT");
                assertThat(raw.ask("PLACE events -1")).startsWith("ERR BAD_REQUEST");
                assertThat(raw.ask("PLACE none 0")).startsWith("ERR NO_TOPIC");
            }
        }
    }

    @Test
    void aReaderBeginsAtTheEndOrAtATime() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = client(node.node().clientPort());
            await(client.register("events"));
            assertThat(await(client.end("events"))).isEqualTo(Place.FIRST);
            await(client.put("events", Buffer.buffer("old")));
            Instant between = aLaterMillisecond();
            await(client.put("events", Buffer.buffer("young")));
            Place end = await(client.end("events"));
            assertThat(await(client.placeAt("events", Instant.MAX))).isEqualTo(end);
            assertThat(await(client.placeAt("events", Instant.MIN))).isEqualTo(Place.FIRST);
            await(client.put("events", Buffer.buffer("new")));
            List<String> since = new CopyOnWriteArrayList<>();
            client.reader("events", new TopicReaderOptions().setStartTime(between))
                    .handler(entry -> since.add(entry.payload().toString()));

            awaitThat(() -> since.size() == 2);
            assertThat(since).containsExactly("young", "new");
            assertThat(end).isEqualTo(new Place(1, 2));
        }
    }

    /** What the reader of a place gets first, across the end of a segment. */
    private static String firstAt(WalrusClient client, Place place) {
        return await(client.read("events", place, 1)).entries().get(0).payload().toString();
    }

    /** The clock has millis; two entries of the same one could not be told apart. */
    private static Instant aLaterMillisecond() {
        long now = System.currentTimeMillis();
        awaitThat(() -> System.currentTimeMillis() > now);
        return Instant.ofEpochMilli(now + 1);
    }

    private static void awaitThat(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
    }

    private WalrusClient client(int port) {
        return WalrusClient.create(
                vertx, new WalrusClientOptions().setAddresses("127.0.0.1:" + port));
    }
}
