package io.walrus.node.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.storage.AppendOutcome;
import io.walrus.node.storage.AppendRequest;
import io.walrus.node.storage.AppendTurn;
import io.walrus.node.storage.DurableQuorum;
import io.walrus.node.storage.OpenStore;
import io.walrus.node.storage.StoredSegment;
import io.walrus.node.storage.StoredTopic;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The leader dies between any two steps of a rollover, or loses what it asked or heard. */
class RolloverTest {

    private static final SegmentId FIRST = new SegmentId("events", 1);
    private static final int ENTRIES = 7;
    private static final CursorPosition CURSOR = new CursorPosition(1, 3);

    /** The last thing that was done before the process died. */
    enum Step {
        WRITER_STOPPED,
        LOG_SEALED,
        CURSOR_READ,
        SEAL_APPLIED_AND_NOT_ANSWERED,
        ALL_DONE
    }

    @TempDir private Path dir;

    private final FakeMetadata metadata = new FakeMetadata();

    @BeforeEach
    void foundACluster() {
        metadata.apply(new MetadataCommand.FoundCluster("cluster", 1, 1));
        register(1, 1);
        register(2, 1);
        metadata.apply(new MetadataCommand.CreateTopic("events", Placement.single(1)));
    }

    private void register(int node, long boot) {
        var known = new NodeMetadata(node, "h:" + node, "h", node, "store-" + node, boot);
        assertThat(metadata.apply(new MetadataCommand.RegisterNode(known, "")).isApplied())
                .isTrue();
    }

    static Stream<Arguments> deaths() {
        return Stream.of(Step.values())
                .flatMap(step -> Stream.of(Arguments.of(step, false), Arguments.of(step, true)));
    }

    @ParameterizedTest(name = "died after {0}, taken away meanwhile: {1}")
    @MethodSource("deaths")
    void whoDiesBetweenTwoStepsSealsAtTheExactCountInItsNextLife(
            Step last, boolean isTakenAwayMeanwhile) throws Exception {
        try (var first = new Life(1)) {
            first.fill();
            first.dieAfter(last);
        }
        metadata.way(FakeMetadata.Way.GOOD);
        if (isTakenAwayMeanwhile) {
            takeAway();
        }
        for (long boot = 2; boot <= 3; boot++) {
            register(1, boot);
            try (var next = new Life(boot)) {
                next.rollOver();
                requireOneNextSegment();
            }
        }
    }

    /** What the leader of the metadata does when a lease has run out. */
    private void takeAway() {
        SegmentMetadata segment = metadata.view().segment(FIRST).orElseThrow();
        metadata.apply(
                new MetadataCommand.BeginSeal(
                        FIRST, segment.epoch(), Optional.of(Placement.single(2))));
    }

    private void requireOneNextSegment() {
        TopicMetadata topic = metadata.view().topic("events").orElseThrow();
        assertThat(topic.segments()).hasSize(2);
        assertThat(topic.segments().get(0).state()).isEqualTo(SegmentState.SEALED);
        assertThat(topic.segments().get(0).count()).hasValue(ENTRIES);
        assertThat(topic.openSegment()).isPresent();
        assertThat(topic.lastSegment().leaderNode()).isEqualTo(2);
        assertThat(topic.lastSegment().baseOffset()).hasValue(ENTRIES);
        assertThat(topic.cursor()).isEqualTo(CURSOR);
    }

    @Test
    void aLostReplyIsLookedUpAndNotRepeated() throws Exception {
        try (var life = new Life(1)) {
            life.fill();
            metadata.way(FakeMetadata.Way.REPLY_LOST);
            life.rollOver();
            requireOneNextSegment();
        }
    }

    @Test
    void aLostRequestIsMadeAgain() throws Exception {
        try (var life = new Life(1)) {
            life.fill();
            metadata.way(FakeMetadata.Way.REQUEST_LOST);
            assertThat(life.rollover.start(FIRST).toCompletableFuture()).isCompletedExceptionally();
            metadata.way(FakeMetadata.Way.GOOD);
            life.rollover.retry();
            requireOneNextSegment();
        }
    }

    @Test
    void theCursorStandsStillAsLongAsALostProposalMayStillBeApplied() throws Exception {
        try (var life = new Life(1)) {
            life.fill();
            metadata.way(FakeMetadata.Way.REQUEST_LOST);
            assertThat(life.rollover.start(FIRST).toCompletableFuture()).isCompletedExceptionally();
            assertThat(life.isFrozen).isTrue();
            metadata.way(FakeMetadata.Way.GOOD);
            life.rollover.retry();
            assertThat(life.isFrozen).isFalse();
        }
    }

    @Test
    void aLostReplyThatThisNodeDoesNotSeeYetIsRepeatedWithoutHarm() throws Exception {
        try (var life = new Life(1)) {
            life.fill();
            metadata.way(FakeMetadata.Way.REPLY_LOST_AND_VIEW_LATE);
            assertThat(life.rollover.start(FIRST).toCompletableFuture()).isCompletedExceptionally();
            life.rollover.retry();
            metadata.way(FakeMetadata.Way.GOOD);
            life.rollover.retry();
            requireOneNextSegment();
        }
    }

    @Test
    void aNextLeaderThatTurnsOutToDrainIsReplacedAtOnce() throws Exception {
        register(3, 1);
        metadata.applyUnseen(new MetadataCommand.DrainNode(3, "store-3", 1));
        try (var life = new Life(1)) {
            life.live = () -> metadata.view().isDraining(3) ? Set.of(1, 2) : Set.of(1, 3);
            life.fill();
            life.rollOver();
            assertThat(metadata.proposed()).hasSize(2);
            requireOneNextSegment();
        }
    }

    @Test
    void manyWhoAskAtOnceJoinOneRollover() throws Exception {
        try (var life = new Life(1)) {
            life.fill();
            var waiting = new CompletableFuture<Void>();
            life.whenFrozen = waiting;
            List<CompletionStage<Void>> asked = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                asked.add(life.rollover.start(FIRST));
            }
            assertThat(life.frozen).isEqualTo(1);
            waiting.complete(null);
            for (CompletionStage<Void> one : asked) {
                one.toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
            requireOneNextSegment();
        }
    }

    /** One start of the process, on the same directory. */
    private final class Life implements Rollover.Cursors, AutoCloseable {
        private final OpenStore open;
        private final Rollover rollover;
        private Supplier<Set<Integer>> live = () -> Set.of(1, 2);
        private CompletableFuture<Void> whenFrozen = CompletableFuture.completedFuture(null);
        private int frozen;
        private boolean isFrozen;

        /** How many more tasks of the store are run; the process is dead for the others. */
        private int tasksLeft = Integer.MAX_VALUE;

        Life(long boot) {
            open = OpenStore.in(dir, this::work);
            rollover =
                    new Rollover(
                            new LeaseHolder(1, "store-1", boot),
                            metadata,
                            open.store(),
                            this,
                            () -> live.get());
        }

        private void work(Runnable task) {
            if (tasksLeft-- > 0) {
                task.run();
            }
        }

        void fill() throws Exception {
            TopicMetadata topic = metadata.view().topic("events").orElseThrow();
            StoredSegment segment = Stored.segment(topic, 1);
            open.store()
                    .openSegment(
                            segment,
                            topic.lastSegment().epoch(),
                            DurableQuorum.of(1, List.of(1), 1))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            var done = new CompletableFuture<AppendOutcome>();
            List<ByteBuffer> entries = new ArrayList<>();
            for (int i = 0; i < ENTRIES; i++) {
                entries.add(ByteBuffer.wrap(("entry " + i).getBytes(UTF_8)));
            }
            open.store()
                    .append(segment, AppendRequest.of(entries, new AppendTurn(), done::complete));
            assertThat(done.get(30, TimeUnit.SECONDS))
                    .isEqualTo(new AppendOutcome.Appended(FIRST, 0, ENTRIES));
            open.store()
                    .moveCursor(Stored.topic(topic), CURSOR)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        }

        void dieAfter(Step last) throws Exception {
            switch (last) {
                case WRITER_STOPPED -> tasksLeft = 1;
                case LOG_SEALED -> whenFrozen = new CompletableFuture<>();
                case CURSOR_READ -> metadata.way(FakeMetadata.Way.DEAD_BEFORE);
                case SEAL_APPLIED_AND_NOT_ANSWERED -> metadata.way(FakeMetadata.Way.DEAD_AFTER);
                case ALL_DONE -> metadata.way(FakeMetadata.Way.GOOD);
            }
            CompletableFuture<Void> done = rollover.start(FIRST).toCompletableFuture();
            if (last == Step.ALL_DONE) {
                done.get(30, TimeUnit.SECONDS);
            }
            assertThat(done.isDone()).isEqualTo(last == Step.ALL_DONE);
            StoredSegment segment = Stored.segment(metadata.view(), FIRST).orElseThrow();
            assertThat(open.store().isStopped(segment)).isTrue();
            assertThat(open.store().isWritable(segment)).isEqualTo(last == Step.WRITER_STOPPED);
        }

        void rollOver() throws Exception {
            rollover.start(FIRST).toCompletableFuture().get(30, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<Void> freeze(StoredTopic topic) {
            frozen++;
            isFrozen = true;
            return whenFrozen;
        }

        @Override
        public void thaw(StoredTopic topic) {
            isFrozen = false;
        }

        @Override
        public void close() {
            open.close();
        }
    }
}
