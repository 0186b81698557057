package io.walrus.node;

import static io.walrus.node.NodeFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.Entry;
import io.walrus.client.EntryBatch;
import io.walrus.client.Place;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client whose replies get lost, against real nodes. */
class StoredOnceTest {

    private static final int ENTRIES = 1_000;

    @TempDir private Path dir;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void appendsWhoseRepliesAreLostAreStoredOnceAndInOrder() {
        try (ThreeNodes three = ThreeNodes.start(dir);
                HangUpProxy proxy = new HangUpProxy(three.node(1).clientPort(), 1_500)) {
            appendAndCheck(three, proxy);
        }
    }

    @Test
    void alsoAcrossRollovers() {
        try (ThreeNodes three = ThreeNodes.start(dir, draft -> draft.segmentEntriesMax = 150);
                HangUpProxy proxy = new HangUpProxy(three.node(1).clientPort(), 1_500)) {
            List<Place> places = appendAndCheck(three, proxy);
            assertThat(places.get(ENTRIES - 1).segment()).isGreaterThan(5);
        }
    }

    private List<Place> appendAndCheck(ThreeNodes three, HangUpProxy proxy) {
        WalrusClient client =
                WalrusClient.create(
                        vertx,
                        new WalrusClientOptions()
                                .setAddresses(proxy.address())
                                .setStraightToLeaders(false)
                                .setRequestTimeoutMillis(30_000)
                                .setReconnectPauseMillisMin(1));
        await(client.register("events"));
        List<Future<Place>> appends = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            appends.add(client.append("events", Buffer.buffer("" + i)));
        }
        List<Place> places = appends.stream().map(NodeFixture::await).toList();
        await(client.close());
        assertThat(proxy.hangUps()).isPositive();
        List<Entry> stored = stored(three.node(2).client());
        assertThat(stored.stream().map(entry -> entry.payload().toString()).toList())
                .isEqualTo(IntStream.range(0, ENTRIES).mapToObj(i -> "" + i).toList());
        assertThat(stored.stream().map(entry -> new Place(entry.segment(), entry.offset())))
                .isEqualTo(places);
        return places;
    }

    private static List<Entry> stored(WalrusClient client) {
        var all = new ArrayList<Entry>();
        var at = new Place(1, 0);
        EntryBatch batch;
        while (!(batch = await(client.read("events", at, 1 << 20))).next().equals(at)) {
            all.addAll(batch.entries());
            at = batch.next();
        }
        return all;
    }
}
