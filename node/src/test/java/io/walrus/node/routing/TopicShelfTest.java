package io.walrus.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.protocol.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may move the shared cursor, and from where on, while segments change hands. */
class TopicShelfTest {

    private static final CursorPosition AT_FAILOVER = new CursorPosition(1, 2);
    private static final CursorPosition TOLD_LATE = new CursorPosition(1, 5);

    private final FakeMetadata metadata = new FakeMetadata();
    private final FakeStore store = new FakeStore();
    private final Entries entries = new Entries();
    private boolean ownsCursor = true;
    private final TopicShelf shelf =
            new TopicShelf(
                    "events",
                    () -> metadata.view().topic("events"),
                    () -> ownsCursor,
                    entries,
                    store);

    @BeforeEach
    void nodeTwoGetsTheTopicFromNodeOneWhichIsAway() {
        metadata.apply(new MetadataCommand.FoundCluster("cluster", 1, 1));
        for (int node = 1; node <= 2; node++) {
            metadata.apply(
                    new MetadataCommand.RegisterNode(
                            new NodeMetadata(node, "h:" + node, "h", node, "store-" + node, 1),
                            ""));
        }
        metadata.apply(new MetadataCommand.CreateTopic("events", Placement.single(1)));
        metadata.apply(
                new MetadataCommand.BeginSeal(
                        first(), segment().epoch(), Optional.of(Placement.single(2))));
    }

    private static SegmentId first() {
        return new SegmentId("events", 1);
    }

    private SegmentMetadata segment() {
        return metadata.view().segment(first()).orElseThrow();
    }

    private void nodeOneComesBackAndTellsItsCount() {
        assertThat(
                        metadata.apply(
                                        new MetadataCommand.CompleteSeal(
                                                first(),
                                                segment().epoch(),
                                                "store-1",
                                                9,
                                                TOLD_LATE,
                                                Optional.empty()))
                                .isApplied())
                .isTrue();
    }

    @Test
    void asLongAsACountIsUnknownNobodyOwnsTheCursor() {
        assertThat(shelf.tenure()).isEqualTo(CursorDesk.Shelf.NONE);
        nodeOneComesBackAndTellsItsCount();
        assertThat(shelf.tenure()).isEqualTo(2);
        assertThat(shelf.cursor(2).toCompletableFuture().join()).isEqualTo(TOLD_LATE);
    }

    @Test
    void aMissingNodeThatTellsItsCountWhileTheCursorIsLookedUpIsNotForgotten() {
        var desk = new CursorDesk(shelf, () -> false, () -> {});
        var got = new ArrayList<String>();
        store.place = new CompletableFuture<>();
        desk.ask(one(got));
        nodeOneComesBackAndTellsItsCount();
        store.place.complete(AT_FAILOVER);
        desk.ask(one(got));
        assertThat(got).doesNotContain("1:2").endsWith("1:5");
    }

    @Test
    void anotherTenureMayNeitherReadNorMove() {
        nodeOneComesBackAndTellsItsCount();
        assertThat(shelf.read(1, TOLD_LATE, 1, 1).toCompletableFuture()).isCompletedExceptionally();
        assertThat(shelf.moveCursor(1, TOLD_LATE).toCompletableFuture()).isCompletedExceptionally();
        assertThat(store.moved).isEmpty();
    }

    @Test
    void whoLostTheCursorWhileItReadDoesNotSayThatThereIsNothing() {
        nodeOneComesBackAndTellsItsCount();
        entries.found = new CompletableFuture<>();
        var read = shelf.read(2, TOLD_LATE, 1, 1).toCompletableFuture();
        ownsCursor = false;
        entries.found.complete(List.of());
        assertThat(read).failsWithin(Duration.ZERO);
        ownsCursor = true;
        assertThat(shelf.read(2, TOLD_LATE, 1, 1).toCompletableFuture().join().entries()).isEmpty();
    }

    private static CursorDesk.Ask one(List<String> got) {
        return CursorDesk.Ask.one(
                (entries, failure) ->
                        got.add(failure == null ? entries.get(0).toString() : "refused"));
    }

    /** Every place has an entry that says where it is. */
    private static final class Entries implements TopicShelf.SegmentReader {
        private CompletableFuture<List<Buffer>> found;

        @Override
        public CompletionStage<List<Buffer>> read(
                SegmentId segment, long offset, int entriesMax, int bytesMax) {
            return found != null
                    ? found
                    : CompletableFuture.completedFuture(
                            List.of(Buffer.buffer(segment.number() + ":" + offset)));
        }

        @Override
        public Optional<Reply.Err> lostWithItsCursor(TopicMetadata topic) {
            return Optional.empty();
        }
    }

    private static final class FakeStore implements TopicShelf.CursorStore {
        private CompletableFuture<CursorPosition> place =
                CompletableFuture.completedFuture(AT_FAILOVER);
        private final List<CursorPosition> moved = new ArrayList<>();

        @Override
        public CompletionStage<CursorPosition> place() {
            return place;
        }

        @Override
        public CompletionStage<Void> move(CursorPosition to) {
            moved.add(to);
            return CompletableFuture.completedFuture(null);
        }
    }
}
