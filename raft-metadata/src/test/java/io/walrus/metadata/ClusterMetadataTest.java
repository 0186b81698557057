package io.walrus.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand.BeginSeal;
import io.walrus.metadata.MetadataCommand.CheckpointCursor;
import io.walrus.metadata.MetadataCommand.CompleteSeal;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.DeleteTopic;
import io.walrus.metadata.MetadataCommand.DrainNode;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RemoveNode;
import io.walrus.metadata.MetadataCommand.RetireNode;
import io.walrus.metadata.MetadataCommand.RollOver;
import io.walrus.metadata.MetadataCommand.UndrainNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClusterMetadataTest {
    private static final SegmentId FIRST = new SegmentId("logs", 1);
    private static final CursorPosition START = CursorPosition.START;
    private ClusterMetadata state = ClusterMetadata.EMPTY;

    @Test
    void secondFoundingIsRefused() {
        applied(new FoundCluster("a", 1, 1));
        assertThat(applied(new FoundCluster("a", 1, 1)).changed()).isFalse();
        refused(new FoundCluster("b", 1, 1), RefusalCode.CLUSTER_EXISTS);
    }

    @Test
    void nodesRegisterOnlyInAFoundedCluster() {
        refused(new RegisterNode(node(1, "s1", 1), ""), RefusalCode.NO_CLUSTER);
    }

    @Test
    void anotherStoreTakesANodeIdOnlyByNamingTheOneItReplaces() {
        founded();
        refused(new RegisterNode(node(1, "other", 1), ""), RefusalCode.STORE_MISMATCH);
        refused(new RegisterNode(node(1, "other", 1), "wrong"), RefusalCode.STORE_MISMATCH);
        applied(new RegisterNode(node(1, "other", 1), "store-1"));
        assertThat(state.node(1).orElseThrow().storeId()).isEqualTo("other");
    }

    @Test
    void olderBootOfAStoreIsRefused() {
        founded();
        applied(new RegisterNode(node(1, "store-1", 5), ""));
        refused(new RegisterNode(node(1, "store-1", 4), ""), RefusalCode.TOO_LATE);
    }

    @Test
    void nodeThatLeadsAnOpenSegmentCannotBeRemoved() {
        foundedWithTopic();
        refused(new RemoveNode(1, "store-1"), RefusalCode.NODE_IN_USE);
        applied(new RollOver(FIRST, 1, "store-1", 3, START, Placement.single(2)));
        refused(new RemoveNode(1, "another"), RefusalCode.STORE_MISMATCH);
        applied(new RemoveNode(1, "store-1"));
        assertThat(applied(new RemoveNode(1, "store-1")).changed()).isFalse();
        assertThat(state.nodes()).containsOnlyKeys(2, 3);
    }

    @Test
    void nodeThatAloneHoldsEntriesIsNotRetired() {
        foundedWithTopic();
        applied(new RollOver(FIRST, 1, "store-1", 3, START, Placement.single(2)));
        refused(new RetireNode(1, "store-1"), RefusalCode.ONLY_COPY);
        assertThat(state.nodes()).containsKey(1);
    }

    @Test
    void nodeThatSealedNothingButAnEmptySegmentIsRetiredAndNothingIsLost() {
        foundedWithTopic();
        applied(new RollOver(FIRST, 1, "store-1", 0, START, Placement.single(2)));
        applied(new RetireNode(1, "store-1"));
        assertThat(state.nodes()).doesNotContainKey(1);
        assertThat(state.segment(FIRST).orElseThrow().isLost(state)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "ü", "a b", "a\u0000b"})
    void namesThatAreNoneAreRefused(String name) {
        founded();
        refused(new CreateTopic(name, Placement.single(1)), RefusalCode.INVALID_NAME);
        refused(
                new CreateTopic("x".repeat(TopicName.LENGTH_MAX + 1), Placement.single(1)),
                RefusalCode.INVALID_NAME);
        applied(new CreateTopic("x".repeat(TopicName.LENGTH_MAX), Placement.single(1)));
    }

    @Test
    void topicThatExistsIsLeftAsItIs() {
        foundedWithTopic();
        TopicMetadata before = state.topic("logs").orElseThrow();
        assertThat(applied(new CreateTopic("logs", Placement.single(2))).changed()).isFalse();
        assertThat(state.topic("logs")).contains(before);
    }

    @Test
    void topicOnAnUnknownNodeIsRefused() {
        founded();
        refused(new CreateTopic("logs", Placement.single(9)), RefusalCode.UNKNOWN_NODE);
        refused(
                new CreateTopic("logs", new Placement(1, List.of(2, 3))),
                RefusalCode.INVALID_REPLICAS);
        refused(
                new CreateTopic("logs", new Placement(1, List.of(1, 2, 2))),
                RefusalCode.INVALID_REPLICAS);
        applied(new CreateTopic("logs", new Placement(1, List.of(1, 2, 3))));
        assertThat(open().replicas()).containsExactly(1, 2, 3);
    }

    @Test
    void topicCreatedAgainNeverSeesAnOldEpochOrId() {
        foundedWithTopic();
        applied(new RollOver(FIRST, 1, "store-1", 3, START, Placement.single(2)));
        TopicMetadata old = state.topic("logs").orElseThrow();
        applied(new DeleteTopic("logs", old.id()));
        applied(new CreateTopic("logs", Placement.single(1)));
        TopicMetadata again = state.topic("logs").orElseThrow();
        assertThat(again.epoch()).isGreaterThan(old.epoch());
        assertThat(again.id()).isGreaterThan(old.id());
        assertThat(applied(new DeleteTopic("logs", old.id())).changed()).isFalse();
        assertThat(state.topic("logs")).contains(again);
        refused(new DeleteTopic("logs", again.id() + 1), RefusalCode.UNKNOWN_TOPIC);
    }

    @Test
    void rollOverSealsAtTheExactCountAndOpensTheNextInOneStep() {
        foundedWithTopic();
        applied(
                new RollOver(
                        FIRST, 1, "store-1", 10, new CursorPosition(1, 4), Placement.single(2)));
        TopicMetadata topic = state.topic("logs").orElseThrow();
        assertThat(topic.sealedCounts()).containsEntry(1, 10L).hasSize(1);
        assertThat(topic.openSegment().orElseThrow().number()).isEqualTo(2);
        assertThat(topic.openSegment().orElseThrow().baseOffset()).isEqualTo(OptionalLong.of(10));
        assertThat(topic.openSegment().orElseThrow().leaderNode()).isEqualTo(2);
        assertThat(topic.cursor()).isEqualTo(new CursorPosition(1, 4));
        assertThat(topic.segmentLeaders()).containsEntry(1, 1).containsEntry(2, 2);
        assertThat(topic.sealedEndOffset()).isEqualTo(10);
    }

    @Test
    void rollOverIsConditionalOnSegmentEpochStoreAndCount() {
        foundedWithTopic();
        Placement next = Placement.single(2);
        refused(
                new RollOver(new SegmentId("none", 1), 1, "store-1", 1, START, next),
                RefusalCode.UNKNOWN_TOPIC);
        refused(
                new RollOver(new SegmentId("logs", 2), 1, "store-1", 1, START, next),
                RefusalCode.UNKNOWN_SEGMENT);
        refused(new RollOver(FIRST, 2, "store-1", 1, START, next), RefusalCode.STALE_EPOCH);
        refused(new RollOver(FIRST, 1, "store-2", 1, START, next), RefusalCode.STORE_MISMATCH);
        refused(
                new RollOver(FIRST, 1, "store-1", 1, START, Placement.single(9)),
                RefusalCode.UNKNOWN_NODE);
        refused(
                new RollOver(FIRST, 1, "store-1", 1, new CursorPosition(1, 2), next),
                RefusalCode.CURSOR_BEYOND);
        applied(new RollOver(FIRST, 1, "store-1", 1, START, next));
        assertThat(applied(new RollOver(FIRST, 1, "store-1", 1, START, next)).changed()).isFalse();
        refused(new RollOver(FIRST, 1, "store-1", 2, START, next), RefusalCode.WRONG_COUNT);
    }

    @Test
    void failoverOpensTheNextSegmentAtOnceAndLearnsTheCountLater() {
        foundedWithTopic();
        applied(new BeginSeal(FIRST, 1, Optional.of(Placement.single(2))));
        assertThat(state.segment(FIRST).orElseThrow().state()).isEqualTo(SegmentState.SEALING);
        assertThat(state.segment(FIRST).orElseThrow().epoch()).isEqualTo(2);
        assertThat(open().number()).isEqualTo(2);
        assertThat(open().epoch()).isEqualTo(3);
        assertThat(open().baseOffset()).isEmpty();
        refused(
                new RollOver(FIRST, 1, "store-1", 9, START, Placement.single(2)),
                RefusalCode.STALE_EPOCH);

        applied(
                new RollOver(
                        new SegmentId("logs", 2), 3, "store-2", 5, START, Placement.single(3)));
        assertThat(open().baseOffset()).isEmpty();
        refused(
                new CompleteSeal(FIRST, 2, "store-2", 9, START, Optional.empty()),
                RefusalCode.STORE_MISMATCH);
        applied(
                new CompleteSeal(
                        FIRST, 2, "store-1", 9, new CursorPosition(1, 9), Optional.empty()));
        assertThat(state.topic("logs").orElseThrow().segments().get(1).baseOffset())
                .isEqualTo(OptionalLong.of(9));
        assertThat(open().baseOffset()).isEqualTo(OptionalLong.of(14));
        assertThat(state.topic("logs").orElseThrow().cursor()).isEqualTo(new CursorPosition(1, 9));
    }

    @Test
    void beginSealTwiceIsOneAndAWrongStateIsRefused() {
        foundedWithTopic();
        BeginSeal begin = new BeginSeal(FIRST, 1, Optional.of(Placement.single(2)));
        refused(new BeginSeal(FIRST, 7, Optional.empty()), RefusalCode.STALE_EPOCH);
        refused(
                new CompleteSeal(FIRST, 1, "store-1", 1, START, Optional.empty()),
                RefusalCode.WRONG_STATE);
        applied(begin);
        assertThat(applied(begin).changed()).isFalse();
        assertThat(state.topic("logs").orElseThrow().segments()).hasSize(2);
    }

    @Test
    void sealWithoutANextSegmentOpensItWhenItIsComplete() {
        foundedWithTopic();
        applied(new BeginSeal(FIRST, 1, Optional.empty()));
        assertThat(state.topic("logs").orElseThrow().openSegment()).isEmpty();
        refused(
                new CompleteSeal(FIRST, 2, "store-1", 4, START, Optional.empty()),
                RefusalCode.INVALID_REPLICAS);
        CompleteSeal complete =
                new CompleteSeal(FIRST, 2, "store-1", 4, START, Optional.of(Placement.single(3)));
        applied(complete);
        assertThat(applied(complete).changed()).isFalse();
        assertThat(open().leaderNode()).isEqualTo(3);
        assertThat(open().baseOffset()).isEqualTo(OptionalLong.of(4));
    }

    @Test
    void cursorCheckpointNeverGoesBackAndNeverLeavesTheTopic() {
        foundedWithTopic();
        applied(new CheckpointCursor(FIRST, 1, new CursorPosition(1, 5)));
        refused(
                new CheckpointCursor(FIRST, 1, new CursorPosition(1, 4)),
                RefusalCode.CURSOR_BEHIND);
        refused(
                new CheckpointCursor(FIRST, 1, new CursorPosition(2, 0)),
                RefusalCode.CURSOR_BEYOND);
        refused(new CheckpointCursor(FIRST, 9, new CursorPosition(1, 6)), RefusalCode.STALE_EPOCH);
        applied(new RollOver(FIRST, 1, "store-1", 8, START, Placement.single(2)));
        assertThat(state.topic("logs").orElseThrow().cursor()).isEqualTo(new CursorPosition(1, 5));
        refused(new CheckpointCursor(FIRST, 1, new CursorPosition(1, 6)), RefusalCode.WRONG_STATE);
        refused(
                new CheckpointCursor(new SegmentId("logs", 2), 2, new CursorPosition(1, 9)),
                RefusalCode.CURSOR_BEYOND);
    }

    @Test
    void drainingNodeIsGivenNoTopicAndNoSegmentOfAnother() {
        foundedWithTopic();
        assertThat(applied(new DrainNode(2, "store-2", 1)).changed()).isTrue();
        assertThat(applied(new DrainNode(2, "store-2", 1)).changed()).isFalse();
        refused(new CreateTopic("news", Placement.single(2)), RefusalCode.NODE_DRAINING);
        refused(
                new RollOver(FIRST, 1, "store-1", 3, START, Placement.single(2)),
                RefusalCode.NODE_DRAINING);
        refused(
                new BeginSeal(FIRST, 1, Optional.of(Placement.single(2))),
                RefusalCode.NODE_DRAINING);
        applied(new BeginSeal(FIRST, 1, Optional.empty()));
        refused(
                new CompleteSeal(FIRST, 2, "store-1", 3, START, Optional.of(Placement.single(2))),
                RefusalCode.NODE_DRAINING);
        applied(new CompleteSeal(FIRST, 2, "store-1", 3, START, Optional.of(Placement.single(3))));
        assertThat(open().leaderNode()).isEqualTo(3);
    }

    @Test
    void drainingNodeKeepsWhatItLeadsWhereNobodyElseCanTakeIt() {
        foundedWithTopic();
        applied(new DrainNode(1, "store-1", 1));
        assertThat(open().leaderNode()).isEqualTo(1);
        applied(new RollOver(FIRST, 1, "store-1", 3, START, Placement.single(1)));
        assertThat(open().leaderNode()).isEqualTo(1);
    }

    @Test
    void topicThatExistsIsFineAlsoWhereItsLeaderDrains() {
        foundedWithTopic();
        applied(new DrainNode(1, "store-1", 1));
        assertThat(applied(new CreateTopic("logs", Placement.single(1))).changed()).isFalse();
    }

    @Test
    void drainingEndsWithItsUndoAndWithTheNodesLife() {
        founded();
        applied(new DrainNode(1, "store-1", 1));
        applied(new RegisterNode(new NodeMetadata(1, "h:1", "h", 1, "store-1", 1), ""));
        assertThat(state.isDraining(1)).as("new addresses in the same life").isTrue();
        assertThat(applied(new UndrainNode(1, "store-1", 1)).changed()).isTrue();
        assertThat(applied(new UndrainNode(1, "store-1", 1)).changed()).isFalse();
        applied(new CreateTopic("one", Placement.single(1)));

        applied(new DrainNode(2, "store-2", 1));
        applied(new RegisterNode(node(2, "store-2", 2), ""));
        refused(new DrainNode(2, "store-2", 1), RefusalCode.TOO_LATE);
        refused(new UndrainNode(2, "other", 2), RefusalCode.STORE_MISMATCH);
        applied(new CreateTopic("two", Placement.single(2)));

        applied(new DrainNode(3, "store-3", 1));
        applied(new RemoveNode(3, "store-3"));
        assertThat(state.draining()).isEmpty();
        refused(new DrainNode(3, "store-3", 1), RefusalCode.UNKNOWN_NODE);
    }

    @Test
    void sameProposalTwiceHappensOnceAndGetsItsFirstOutcomeAgain() {
        foundedWithTopic();
        Proposal proposal =
                new Proposal(
                        new ProposalId(1, "store-1", 7),
                        new RollOver(FIRST, 1, "store-1", 3, START, Placement.single(2)));
        ClusterMetadata.Transition once = state.apply(proposal);
        assertThat(once.next().outcomeOf(proposal.id())).contains(once.outcome());
        ClusterMetadata.Transition twice = once.next().apply(proposal);
        assertThat(twice.outcome()).isEqualTo(once.outcome());
        assertThat(twice.next().topics()).isEqualTo(once.next().topics());
    }

    @Test
    void proposalOlderThanAllThatIsRememberedIsRefused() {
        foundedWithTopic();
        for (int sequence = 100; sequence < 100 + ProposalHistory.OUTCOMES_MAX; sequence++) {
            state = state.apply(barrier(sequence)).next();
        }
        assertThat(state.apply(barrier(5)).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(RefusalCode.TOO_LATE));
        assertThat(state.outcomeOf(new ProposalId(1, "store-1", 5))).isEmpty();
        assertThat(state.apply(barrier(1000)).outcome().isApplied()).isTrue();
    }

    private static Proposal barrier(long sequence) {
        return new Proposal(new ProposalId(1, "store-1", sequence), new MetadataCommand.Barrier());
    }

    private void founded() {
        applied(new FoundCluster("cluster", 1, 1));
        for (int id = 1; id <= 3; id++) {
            applied(new RegisterNode(node(id, "store-" + id, 1), ""));
        }
    }

    private void foundedWithTopic() {
        founded();
        applied(new CreateTopic("logs", Placement.single(1)));
    }

    private SegmentMetadata open() {
        return state.topic("logs").orElseThrow().openSegment().orElseThrow();
    }

    private static NodeMetadata node(int id, String store, long boot) {
        return new NodeMetadata(id, "127.0.0.1:" + (6000 + id), "127.0.0.1", 8080, store, boot);
    }

    private Outcome.Applied applied(MetadataCommand command) {
        ClusterMetadata.Transition step = state.apply(command);
        assertThat(step.outcome()).isInstanceOf(Outcome.Applied.class);
        assertThat(step.next().version()).isEqualTo(state.version() + 1);
        state = step.next();
        return (Outcome.Applied) step.outcome();
    }

    private void refused(MetadataCommand command, RefusalCode code) {
        ClusterMetadata.Transition step = state.apply(command);
        assertThat(step.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
        assertThat(step.next().topics()).isEqualTo(state.topics());
        assertThat(step.next().nodes()).isEqualTo(state.nodes());
    }
}
