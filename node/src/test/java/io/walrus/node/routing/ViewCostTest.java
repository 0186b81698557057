package io.walrus.node.routing;

import io.vertx.core.Vertx;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand.CommitCursor;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.ReadRule;
import io.walrus.metadata.ViewChange;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.peer.PeerOptions;
import io.walrus.node.storage.OpenStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints what a change of the view costs the routing room of a node, with 1,000, 10,000 and 100,000
 * topics that other nodes lead: once where the change says which topic it is about, once where it
 * does not; and what the room does ten times a second where each of them was written through this
 * node before. A second to warm up for each. Measures and demands nothing, so it is run by hand.
 */
@EnabledIfSystemProperty(named = "walrus.viewcost", matches = "true")
class ViewCostTest {

    private static final int[] TOPICS = {1_000, 10_000, 100_000};
    private static final List<ByteBuffer> ONE_ENTRY = List.of(ByteBuffer.allocate(1));
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    @TempDir private Path dir;

    private final FakeMetadata metadata = new FakeMetadata();
    private long commits;

    @Test
    void whatAChangeCosts() {
        Vertx vertx = Vertx.vertx();
        try (OpenStore open = OpenStore.in(dir, Runnable::run)) {
            measure(vertx, open);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void measure(Vertx vertx, OpenStore open) {
        metadata.apply(new FoundCluster("bench", 1, 1));
        for (int id = 1; id <= 2; id++) {
            var node = new NodeMetadata(id, "h:" + id, "h", id, "s" + id, 1);
            metadata.apply(new RegisterNode(node, ""));
        }
        Router router = router(vertx, open);
        router.start();
        System.out.printf("%9s %16s %16s %16s%n", "topics", "one topic", "any topic", "tick");
        for (int topics : TOPICS) {
            for (int i = metadata.view().topics().size(); i < topics; i++) {
                metadata.apply(new CreateTopic("topic-" + i, Placement.single(2)));
                router.appendArrived("topic-" + i, 1, ONE_ENTRY, false, (count, outcome) -> {});
            }
            System.out.printf(
                    "%,9d %13.1f us %13.1f us %13.1f us%n",
                    topics, micros(router, true), micros(router, false), tickMicros(router));
        }
    }

    private Router router(Vertx vertx, OpenStore open) {
        return new Router(
                new LeaseHolder(1, "s1", 1),
                metadata,
                open.store(),
                new PeerLinks(vertx, new PeerOptions("peer", 1, 1_000, 1_000, 1 << 20, () -> null)),
                (segment, epoch) -> true,
                new RoutingOptions(1_000, 100, 10_000, 1_000_000, ReadRule.STRICTLY_AT_ONCE),
                () -> Set.of(1, 2),
                System::nanoTime);
    }

    private static double tickMicros(Router router) {
        tickRound(router);
        return tickRound(router);
    }

    private static double tickRound(Router router) {
        long beganNanos = System.nanoTime();
        long ticks = 0;
        while (System.nanoTime() - beganNanos < ROUND_NANOS) {
            router.tick();
            ticks++;
        }
        return (System.nanoTime() - beganNanos) / 1e3 / ticks;
    }

    /** What the commit itself takes is left out. */
    private double micros(Router router, boolean saysWhich) {
        round(router, saysWhich);
        return round(router, saysWhich);
    }

    private double round(Router router, boolean saysWhich) {
        int topics = metadata.view().topics().size();
        long beganNanos = System.nanoTime();
        long spentNanos = 0;
        long changes = 0;
        while (System.nanoTime() - beganNanos < ROUND_NANOS) {
            String name = "topic-" + ++commits * 7_919 % topics;
            long id = metadata.view().topic(name).orElseThrow().id();
            var place = new CursorPosition(1, commits);
            metadata.apply(new CommitCursor(name, id, "reader", place));
            Optional<Set<String>> which = saysWhich ? Optional.of(Set.of(name)) : Optional.empty();
            long lookedNanos = System.nanoTime();
            router.onChange(new ViewChange(metadata.view(), which));
            spentNanos += System.nanoTime() - lookedNanos;
            changes++;
        }
        return spentNanos / 1e3 / changes;
    }
}
