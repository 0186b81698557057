package io.walrus.node;

import static io.walrus.node.NodeFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.Place;
import io.walrus.client.TopicReader;
import io.walrus.client.TopicReaderOptions;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.client.WalrusClientOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's readers with a named cursor, against real nodes. */
class CursorReaderTest {

    private final Vertx vertx = Vertx.vertx();

    @TempDir private Path dir;

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void aReaderGoesOnWhereTheOneBeforeItCommittedAlsoAcrossSegments() {
        try (NodeFixture node = NodeFixture.start(dir, draft -> draft.segmentEntriesMax = 7)) {
            WalrusClient client = client(node.node().clientPort());
            await(client.register("events"));
            append(client, 0, 50);

            TopicReader first = client.reader("events", cursor("me").setCommitMillis(0));
            List<String> seen = read(first, 20);
            await(first.commit());
            first.handler(null);
            List<String> rest = read(client.reader("events", cursor("me")), 30);

            assertThat(seen).isEqualTo(numbers(0, 20));
            assertThat(rest).isEqualTo(numbers(20, 50));
            Awaitility.await()
                    .until(
                            () -> await(client.cursors("events")).get("me"),
                            new Place(8, 1)::equals);
            await(client.close());
        }
    }

    @Test
    void aReaderAtTheEndIsToldOfNewEntriesAndHoldsUpNobodyMeanwhile() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = client(node.node().clientPort());
            await(client.register("events"));
            List<String> seen = new CopyOnWriteArrayList<>();
            client.reader("events", new TopicReaderOptions().setPollMillisMax(100_000))
                    .handler(entry -> seen.add(entry.payload().toString()));
            for (int i = 0; i < 20; i++) {
                append(client, i, i + 1);
                int expected = i + 1;
                Awaitility.await().until(() -> seen.size() == expected);
            }
            assertThat(seen).isEqualTo(numbers(0, 20));
            await(client.close());
        }
    }

    @Test
    void whoOpensAReaderAfterItsCursorWasMovedBackReadsAgain() {
        try (NodeFixture node = NodeFixture.start(dir, draft -> draft.segmentEntriesMax = 7)) {
            WalrusClient client = client(node.node().clientPort());
            await(client.register("events"));
            append(client, 0, 20);
            TopicReader first = client.reader("events", cursor("me").setCommitMillis(0));
            assertThat(read(first, 20)).isEqualTo(numbers(0, 20));
            await(first.commit());
            first.handler(null);

            Place end = await(client.cursor("events", "me"));
            await(client.seek("events", "me", end, new Place(2, 1)));

            assertThat(read(client.reader("events", cursor("me")), 12)).isEqualTo(numbers(8, 20));
            await(client.close());
        }
    }

    @Test
    void aReaderWhoseCursorAnotherOneHasMovedIsTold() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = client(node.node().clientPort());
            await(client.register("events"));
            append(client, 0, 10);
            AtomicReference<Throwable> told = new AtomicReference<>();
            TopicReader slow = client.reader("events", cursor("me").setCommitMillis(5));
            slow.exceptionHandler(told::set);
            slow.pause();
            slow.handler(entry -> {});
            slow.fetch(3);
            Awaitility.await()
                    .until(() -> await(client.cursor("events", "me")), new Place(1, 3)::equals);
            await(client.commit("events", "me", new Place(1, 9)));
            slow.fetch(1);
            Awaitility.await().until(() -> told.get() != null);
            assertThat(told.get())
                    .isInstanceOf(WalrusClientException.class)
                    .hasMessageContaining("CURSOR_MOVED");
            await(client.close());
        }
    }

    @Test
    void aCursorThatIsMovedBackStaysThereAndItsOpenReaderIsTold() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = client(node.node().clientPort());
            await(client.register("events"));
            append(client, 0, 10);
            AtomicReference<Throwable> told = new AtomicReference<>();
            TopicReader open = client.reader("events", cursor("me").setCommitMillis(0));
            open.exceptionHandler(told::set);
            assertThat(read(open, 5)).isEqualTo(numbers(0, 5));
            await(open.commit());

            await(client.seek("events", "me", new Place(1, 5), new Place(1, 2)));
            open.fetch(3);
            Awaitility.await().until(() -> failure(open.commit()) != null);

            assertThat(failure(open.commit())).hasMessageContaining("CURSOR_MOVED");
            assertThat(await(client.cursor("events", "me"))).isEqualTo(new Place(1, 2));
            assertThat(read(client.reader("events", cursor("me")), 8)).isEqualTo(numbers(2, 10));
            await(client.close());
        }
    }

    @Test
    void aReaderWithNothingToReadIsToldThatItsCursorWasMovedBack() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = client(node.node().clientPort());
            await(client.register("events"));
            append(client, 0, 5);
            AtomicReference<Throwable> told = new AtomicReference<>();
            TopicReader idle = client.reader("events", cursor("me"));
            idle.exceptionHandler(told::set);
            idle.handler(entry -> {});
            Awaitility.await()
                    .until(() -> await(client.cursor("events", "me")), new Place(1, 5)::equals);

            await(client.seek("events", "me", new Place(1, 5), new Place(1, 0)));
            Awaitility.await().until(() -> told.get() != null);

            assertThat(told.get()).hasMessageContaining("CURSOR_MOVED");
            await(client.close());
        }
    }

    @Test
    void aReaderGoesOnThroughAnotherNodeWhenItsOwnIsGone() {
        try (ThreeNodes nodes = ThreeNodes.start(dir)) {
            var addresses = new ArrayList<String>();
            for (int id : new int[] {2, 1, 3}) {
                addresses.add("127.0.0.1:" + nodes.node(id).clientPort());
            }
            WalrusClient client =
                    WalrusClient.create(vertx, new WalrusClientOptions().setAddresses(addresses));
            await(client.register("events"));
            append(client, 0, 10);
            List<String> seen = new CopyOnWriteArrayList<>();
            client.reader("events", cursor("me"))
                    .handler(entry -> seen.add(entry.payload().toString()));
            Awaitility.await().until(() -> seen.size() == 10);
            nodes.stop(2);
            try (RawClient other = nodes.connect(3)) {
                for (int i = 10; i < 20; i++) {
                    assertThat(other.ask("PUT events " + i)).isEqualTo("OK");
                }
            }
            Awaitility.await().until(() -> seen.size() == 20);
            assertThat(seen).isEqualTo(numbers(0, 20));
            await(client.close());
        }
    }

    private WalrusClient client(int port) {
        return WalrusClient.create(
                vertx, new WalrusClientOptions().setAddresses("127.0.0.1:" + port));
    }

    private static TopicReaderOptions cursor(String name) {
        return new TopicReaderOptions().setCursor(name).setCommitMillis(10);
    }

    private static void append(WalrusClient client, int from, int to) {
        for (int i = from; i < to; i++) {
            await(client.put("events", Buffer.buffer("" + i)));
        }
    }

    private static List<String> read(TopicReader reader, int count) {
        List<String> seen = new CopyOnWriteArrayList<>();
        reader.pause();
        reader.handler(entry -> seen.add(entry.payload().toString()));
        reader.fetch(count);
        Awaitility.await().until(() -> seen.size() == count);
        return seen;
    }

    private static Throwable failure(Future<Void> done) {
        Awaitility.await().until(done::isComplete);
        return done.cause();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }
}
