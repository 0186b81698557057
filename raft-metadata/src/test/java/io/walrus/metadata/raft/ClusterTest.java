package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RollOver;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseGate;
import io.walrus.metadata.lease.LeaseVerdict;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterTest {
    @TempDir Path directory;

    @Test
    void nodesJoinBecomeVotersAndAllSeeTheSame() {
        try (Members members = Members.of(3, directory)) {
            for (RaftMetadata node : members.all()) {
                Members.eventually(() -> node.status().voters().size() == 3);
                assertThat(node.status().learners()).isEmpty();
                assertThat(node.view().nodes()).containsOnlyKeys(1, 2, 3);
                Members.eventually(() -> node.liveNodes().equals(java.util.Set.of(1, 2, 3)));
                Members.eventually(
                        () ->
                                node.status()
                                                .replicatedIndex()
                                                .keySet()
                                                .containsAll(List.of(1, 2, 3))
                                        && node.status().leader() != 0);
            }
        }
    }

    @Test
    void proposalFromAFollowerReachesTheLeaderAndIsVisibleAtTheFollower() {
        try (Members members = Members.of(3, directory)) {
            RaftMetadata follower = members.follower();
            Outcome outcome =
                    Members.await(follower.propose(new CreateTopic("logs", Placement.single(2))));
            assertThat(outcome.isApplied()).isTrue();
            assertThat(follower.view().topics()).containsOnlyKeys("logs");
        }
    }

    @Test
    void whatWasProposedElsewhereIsVisibleAfterCatchingUp() {
        try (Members members = Members.of(3, directory)) {
            RaftMetadata leader = members.leader();
            RaftMetadata follower = members.follower();
            for (int i = 0; i < 50; i++) {
                String topic = "logs" + i;
                Members.await(leader.propose(new CreateTopic(topic, Placement.single(1))));
                assertThat(Members.await(follower.catchUp())).isTrue();
                assertThat(follower.view().topics()).containsKey(topic);
            }
            assertThat(Members.await(leader.catchUp())).isTrue();
        }
    }

    @Test
    void memberWithoutALeaderSaysThatItCouldNotCatchUp() {
        try (Members members = Members.of(3, directory)) {
            int left = Members.idOf(members.follower());
            members.all().stream()
                    .map(Members::idOf)
                    .filter(id -> id != left)
                    .forEach(members::stop);
            assertThat(Members.await(members.get(left).catchUp())).isFalse();
        }
    }

    @Test
    void deadLeaderIsReplacedItsSegmentMovesAndItComesBackAsAFollower() {
        try (Members members = Members.of(3, directory)) {
            int dead = Members.idOf(members.leader());
            Members.await(
                    members.leader().propose(new CreateTopic("logs", Placement.single(dead))));
            Members.eventually(() -> holds(members.get(dead), "logs"));
            members.stop(dead);

            RaftMetadata next = members.leader();
            Members.eventually(() -> members.all().stream().anyMatch(node -> holds(node, "logs")));
            TopicMetadata topic = next.view().topic("logs").orElseThrow();
            Members.eventually(
                    () -> next.view().topic("logs").orElseThrow().segments().size() == 2);
            assertThat(next.view().topic("logs").orElseThrow().segments().get(0).state())
                    .isEqualTo(SegmentState.SEALING);
            assertThat(next.view().topic("logs").orElseThrow().epoch())
                    .isGreaterThan(topic.segments().get(0).epoch() - 1);

            RaftMetadata back = members.start(dead);
            Members.eventually(
                    () -> back.view().topic("logs").orElseThrow().segments().size() == 2);
            Members.eventually(() -> back.status().role().equals("Follower"));
        }
    }

    @Test
    void memberThatMissedMoreThanTheLogKeepsInstallsASnapshot() {
        try (Members members = Members.of(3, directory)) {
            RaftMetadata leader = members.leader();
            int away = Members.idOf(members.follower());
            members.stop(away);
            for (int i = 0; i < 50; i++) {
                Members.await(leader.propose(new CreateTopic("t" + i, Placement.single(1))));
            }
            Members.await(leader.snapshot());
            Members.await(leader.propose(new Barrier()));
            Members.await(leader.snapshot());
            Members.await(leader.propose(new CreateTopic("last", Placement.single(1))));

            RaftMetadata back = members.start(away);
            Members.eventually(() -> back.view().topics().size() == 51);
        }
    }

    @Test
    void wipedNodeJoinsAsANewStoreOnceTheOldOneIsNotAlive() {
        try (Members members = Members.of(3, directory)) {
            Members.await(members.leader().propose(new CreateTopic("logs", Placement.single(1))));
            int lost = Members.idOf(members.follower());
            String oldStore = members.get(lost).holder().storeId();
            members.stop(lost);
            members.wipe(lost);
            RaftMetadata again = members.start(lost);
            assertThat(again.holder().storeId()).isNotEqualTo(oldStore);
            assertThat(again.view().topics()).containsOnlyKeys("logs");
            Members.eventually(() -> members.leader().status().voters().size() == 3);
        }
    }

    @Test
    void wholeClusterRestartsFromDisk() {
        try (Members members = Members.of(3, directory)) {
            Members.await(members.leader().propose(new CreateTopic("logs", Placement.single(1))));
            for (int round = 0; round < 2; round++) {
                List.of(1, 2, 3).forEach(members::stop);
                List.of(1, 2, 3).forEach(id -> members.launch(members.options(id)));
                members.all().forEach(node -> Members.await(node.ready()));
                members.all()
                        .forEach(node -> assertThat(node.view().topics()).containsOnlyKeys("logs"));
            }
        }
    }

    @Test
    void memberWhoseOthersNeverStartIsClosedAllTheSame() {
        try (Members members = Members.of(3, directory)) {
            List.of(1, 2, 3).forEach(members::stop);
            RaftMetadata alone = members.launch(members.options(3));
            CompletableFuture<Outcome> proposed =
                    alone.propose(new Barrier()).toCompletableFuture();
            CompletableFuture<Boolean> asked = alone.catchUp().toCompletableFuture();
            members.stop(3);
            assertThat(alone.ready().toCompletableFuture()).isCompletedExceptionally();
            assertThat(Members.await(proposed).isApplied()).isFalse();
            assertThat(Members.await(asked)).isFalse();
            members.launch(members.options(3));
        }
    }

    @Test
    void nodeThatLeavesIsNoVoterAnyMore() {
        try (Members members = Members.of(3, directory)) {
            int leaving = Members.idOf(members.follower());
            assertThat(Members.await(members.get(1).leave(leaving)).isApplied()).isTrue();
            members.stop(leaving);
            Members.eventually(() -> members.leader().status().voters().size() == 2);
            assertThat(members.leader().view().nodes()).doesNotContainKey(leaving);
        }
    }

    /** It is asked to go, and in the same moment it seals a segment that it has written to. */
    @Test
    void nodeThatGetsEntriesWhileItRetiresStaysAMemberThatVotes() {
        try (Members members = Members.of(3, directory)) {
            RaftMetadata leader = members.leader();
            RaftMetadata busy = members.follower();
            int id = Members.idOf(busy);
            CompletableFuture<Outcome> retired = leader.retire(id).toCompletableFuture();
            Outcome created =
                    Members.await(leader.propose(new CreateTopic("logs", Placement.single(id))));
            Members.await(leader.propose(sealed(leader, busy)));
            Outcome outcome = Members.await(retired);
            // Which of both the leader hears first is its own affair, but not what follows from it.
            assertThat(outcome.isApplied()).isNotEqualTo(created.isApplied());
            assertThat(leader.view().nodes().containsKey(id)).isEqualTo(created.isApplied());
            int voters = created.isApplied() ? 3 : 2;
            Members.eventually(() -> leader.status().voters().size() == voters);
        }
    }

    private static RollOver sealed(RaftMetadata leader, RaftMetadata writer) {
        int other = Members.idOf(leader);
        return new RollOver(
                new SegmentId("logs", 1),
                leader.view().topic("logs").map(TopicMetadata::epoch).orElse(1L),
                writer.holder().storeId(),
                3,
                CursorPosition.START,
                Placement.single(other));
    }

    /** The other two are gone: no answer will come. */
    @Test
    void whoAskedAMemberThatStopsHearsThatItDid() {
        try (Members members = Members.of(3, directory)) {
            int id = Members.idOf(members.follower());
            RaftMetadata asked = members.get(id);
            List.of(1, 2, 3).stream().filter(other -> other != id).forEach(members::stop);
            List<CompletableFuture<?>> answers =
                    List.of(
                            asked.leave(id).toCompletableFuture(),
                            asked.retire(id).toCompletableFuture(),
                            asked.expel(id).toCompletableFuture(),
                            asked.transferLeadership(id).toCompletableFuture());
            members.stop(id);
            assertThat(answers).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void leadershipIsHandedOverOnRequest() {
        try (Members members = Members.of(3, directory)) {
            int next = Members.idOf(members.follower());
            Members.await(members.get(next).transferLeadership(next));
            Members.eventually(() -> Members.leads(members.get(next)));
        }
    }

    private static boolean holds(RaftMetadata node, String topic) {
        long deadline = node.leaseDeadlineNanos();
        return LeaseGate.check(node.view(), topic, node.holder(), deadline, System.nanoTime())
                instanceof LeaseVerdict.Held;
    }
}
