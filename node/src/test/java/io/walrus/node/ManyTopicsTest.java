package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand topics over three nodes, each request pipelined over one connection. */
class ManyTopicsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOPICS = 1_000;

    @TempDir private Path dir;

    @Test
    void aThousandTopicsAreCreatedSpreadOverTheNodesAndWrittenThroughAnyOfThem() {
        try (ThreeNodes three = ThreeNodes.start(dir, draft -> draft.rpcTimeoutMillis = 60_000);
                RawClient one = three.connect(1);
                RawClient two = three.connect(2);
                RawClient other = three.connect(3)) {
            assertThat(askAll(two, i -> "REGISTER t" + i)).containsOnly("OK");
            assertThat(askAll(two, i -> "REGISTER t" + i)).containsOnly("OK");
            assertThat(askAll(other, i -> "PUT t" + i + " v" + i)).containsOnly("OK");
            List<String> taken = askAll(one, i -> "GET t" + i);
            for (int i = 0; i < TOPICS; i++) {
                assertThat(taken.get(i)).isEqualTo("OK v" + i);
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> JSON.readTree(two.ask("TOPICS")).size() == TOPICS);
            Map<Integer, Integer> led = ledByNode(two);
            assertThat(led).containsOnlyKeys(1, 2, 3);
            assertThat(led.values()).allSatisfy(count -> assertThat(count).isGreaterThan(200));
        }
    }

    private static List<String> askAll(RawClient client, IntFunction<String> request) {
        client.sendBytes(
                RawClient.frames(
                        IntStream.range(0, TOPICS).mapToObj(request).toArray(String[]::new)));
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            replies.add(client.receive());
        }
        return replies;
    }

    private static Map<Integer, Integer> ledByNode(RawClient client) {
        var led = new TreeMap<Integer, Integer>();
        for (String state : askAll(client, i -> "STATE t" + i)) {
            try {
                led.merge(
                        JSON.readTree(state).get("segment_leaders").get("1").asInt(),
                        1,
                        Integer::sum);
            } catch (IOException notJson) {
                throw new UncheckedIOException(notJson);
            }
        }
        return led;
    }
}
