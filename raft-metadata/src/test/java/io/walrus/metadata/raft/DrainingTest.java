package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.RefusalCode;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that said that it goes is given nothing, by nobody, whoever leads. */
final class DrainingTest {
    @TempDir Path directory;

    private int topics;

    private Outcome place(RaftMetadata proposer, int leader) {
        return Members.await(
                proposer.propose(new CreateTopic("topic" + topics++, Placement.single(leader))));
    }

    private void requireRefused(RaftMetadata proposer, int leader) {
        assertThat(place(proposer, leader))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(RefusalCode.NODE_DRAINING));
    }

    private static int drainedFollower(Members members) {
        RaftMetadata drained = members.follower();
        int id = Members.idOf(drained);
        Members.await(drained.drain());
        assertThat(drained.view().isDraining(id)).isTrue();
        return id;
    }

    @Test
    void onceItsOwnViewShowsItEveryProposerIsRefused() {
        try (Members members = Members.of(3, directory)) {
            int drained = drainedFollower(members);
            assertThat(members.get(drained).liveNodes()).doesNotContain(drained);
            members.all().forEach(proposer -> requireRefused(proposer, drained));
            Members.await(members.get(drained).undrain());
            assertThat(place(members.leader(), drained).isApplied()).isTrue();
            members.all()
                    .forEach(one -> Members.eventually(() -> one.liveNodes().contains(drained)));
        }
    }

    @Test
    void theNextLeaderOfTheMetadataKnowsItFromTheBeginning() {
        try (Members members = Members.of(3, directory)) {
            int drained = drainedFollower(members);
            int before = Members.idOf(members.leader());
            int next = 6 - before - drained;
            Members.await(members.leader().transferLeadership(next));
            Members.eventually(() -> Members.idOf(members.leader()) == next);
            requireRefused(members.get(next), drained);
        }
    }

    @Test
    void itEndsWithTheNextStart() {
        try (Members members = Members.of(3, directory)) {
            int drained = drainedFollower(members);
            members.stop(drained);
            requireRefused(members.leader(), drained);
            members.start(drained);
            assertThat(place(members.get(drained), drained).isApplied()).isTrue();
        }
    }

    @Test
    void aWishThatComesBehindItsUndoingIsAskedForAnew() {
        try (Members members = Members.of(3, directory)) {
            int drained = drainedFollower(members);
            for (int i = 0; i < 20; i++) {
                CompletionStage<Void> undone = members.get(drained).undrain();
                Members.await(members.get(drained).drain());
                requireRefused(members.leader(), drained);
                assertThat(undone.toCompletableFuture()).isDone();
            }
        }
    }

    @Test
    void aMemberThatHasStoppedDrainsNoMore() {
        try (Members members = Members.of(1, directory)) {
            RaftMetadata node = members.get(1);
            members.stop(1);
            assertThat(node.drain().toCompletableFuture()).isCompletedExceptionally();
        }
    }
}
