package io.walrus.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.ReadRule;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.peer.PeerOptions;
import io.walrus.node.storage.OpenStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full segment whose rollover nobody has begun, because the word of it was lost. */
class MonitorTest {

    private static final SegmentId FIRST = new SegmentId("events", 1);

    @TempDir private Path dir;

    private final Vertx vertx = Vertx.vertx();
    private final FakeMetadata metadata = new FakeMetadata();
    private OpenStore open;
    private Router router;

    @BeforeEach
    void oneNode() {
        metadata.apply(new FoundCluster("cluster", 1, 1));
        metadata.apply(new RegisterNode(new NodeMetadata(1, "h:1", "h", 1, "store-1", 1), ""));
        metadata.apply(new CreateTopic("events", Placement.single(1)));
        open = OpenStore.in(dir, Runnable::run);
        router =
                new Router(
                        new LeaseHolder(1, "store-1", 1),
                        metadata,
                        open.store(),
                        new PeerLinks(
                                vertx,
                                new PeerOptions("peer", 1, 1_000, 1_000, 1 << 20, () -> null)),
                        (segment, epoch) -> true,
                        new RoutingOptions(1_000, 100, 10_000, 1_000, ReadRule.STRICTLY_AT_ONCE),
                        () -> Set.of(1),
                        System::nanoTime);
        router.start();
    }

    @AfterEach
    void close() {
        open.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void theMonitorFindsItAtTheLatest() {
        List<ByteBuffer> full =
                Collections.nCopies(OpenStore.SEGMENT_ENTRIES, ByteBuffer.allocate(1));
        router.append("events", full, (count, settlement) -> {});
        router.tick();
        assertThat(metadata.view().segment(FIRST).orElseThrow().count()).isEmpty();

        router.monitor();

        assertThat(metadata.view().segment(FIRST).orElseThrow().count())
                .hasValue(OpenStore.SEGMENT_ENTRIES);
        assertThat(metadata.view().topic("events").orElseThrow().segments()).hasSize(2);
    }

    @Test
    void whatIsNotFullIsLeftAlone() {
        router.append("events", List.of(ByteBuffer.allocate(1)), (count, settlement) -> {});
        router.monitor();
        assertThat(metadata.view().topic("events").orElseThrow().segments()).hasSize(1);
    }
}
