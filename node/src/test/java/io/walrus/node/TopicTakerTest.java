package io.walrus.node;

import static io.walrus.node.NodeFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.TopicTaker;
import io.walrus.client.TopicTakerOptions;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.client.WalrusClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream under the shared cursor. */
class TopicTakerTest {

    private final Vertx vertx = Vertx.vertx();

    @TempDir Path dir;

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void takersShareTheEntriesAndWaitForMore() {
        try (NodeFixture node = NodeFixture.start(dir, draft -> draft.segmentEntriesMax = 7)) {
            WalrusClient client = client(node);
            await(client.register("events"));
            append(client, 0, 50);
            List<String> one = new CopyOnWriteArrayList<>();
            List<String> other = new CopyOnWriteArrayList<>();
            var few = new TopicTakerOptions().setEntriesMax(4);
            client.taker("events", few).handler(entry -> one.add(entry.toString()));
            client.taker("events", few).handler(entry -> other.add(entry.toString()));
            awaitThat(() -> one.size() + other.size() == 50);
            append(client, 50, 60);
            awaitThat(() -> one.size() + other.size() == 60);

            assertThat(one).doesNotContainAnyElementsOf(other);
            assertThat(IntStream.range(0, 60).mapToObj(Integer::toString))
                    .allMatch(number -> one.contains(number) || other.contains(number));
        }
    }

    @Test
    void noMoreIsTakenThanWasAskedFor() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = client(node);
            await(client.register("events"));
            append(client, 0, 10);
            List<String> seen = new CopyOnWriteArrayList<>();
            TopicTaker taker = client.taker("events", new TopicTakerOptions());
            taker.pause();
            taker.handler(entry -> seen.add(entry.toString()));
            taker.fetch(3);
            awaitThat(() -> seen.size() == 3);
            taker.handler(null);

            assertThat(await(client.get("events"))).contains(Buffer.buffer("3"));
        }
    }

    @Test
    void itEndsAtTheEndIfItWasAskedToAndAtAFailure() {
        try (NodeFixture node = NodeFixture.start(dir)) {
            WalrusClient client = client(node);
            await(client.register("events"));
            append(client, 0, 5);
            List<String> seen = new CopyOnWriteArrayList<>();
            client.taker("events", new TopicTakerOptions().setEndingAtEnd(true))
                    .endHandler(end -> seen.add("end"))
                    .handler(entry -> seen.add(entry.toString()));
            awaitThat(() -> seen.contains("end"));
            assertThat(seen).containsExactly("0", "1", "2", "3", "4", "end");

            AtomicReference<Throwable> told = new AtomicReference<>();
            client.taker("none", new TopicTakerOptions())
                    .exceptionHandler(told::set)
                    .handler(entry -> {});
            awaitThat(() -> told.get() != null);
            assertThat(told.get())
                    .isInstanceOf(WalrusClientException.class)
                    .hasMessageContaining("unknown topic none");
        }
    }

    private WalrusClient client(NodeFixture node) {
        return WalrusClient.create(
                vertx,
                new WalrusClientOptions().setAddresses("127.0.0.1:" + node.node().clientPort()));
    }

    private static void append(WalrusClient client, int from, int to) {
        for (int i = from; i < to; i++) {
            await(client.put("events", Buffer.buffer("" + i)));
        }
    }

    private static void awaitThat(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
    }
}
