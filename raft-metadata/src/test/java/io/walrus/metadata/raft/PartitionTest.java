package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand.BeginSeal;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.lease.LeaseGate;
import io.walrus.metadata.lease.LeaseVerdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members that cannot hear each other: one writer at most, at any moment, and writes go on where a
 * majority is.
 */
final class PartitionTest {
    @TempDir Path directory;
    private Members members;
    private Network network;
    private final AtomicReference<String> twoWriters = new AtomicReference<>();
    private final AtomicBoolean watching = new AtomicBoolean(true);
    private Thread watcher;

    @BeforeEach
    void open() {
        members = new Members(directory);
        network = new Network(members.vertx);
        List<String> others = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            RaftMetadata node =
                    members.launch(
                            members.options(id)
                                    .advertisePort(network.portOf(id))
                                    .bootstrap(id == 1)
                                    .proposalTimeoutMillis(1_500)
                                    .join(List.copyOf(others)));
            network.connect(id, node.actualPort());
            Members.await(node.ready());
            others.add("127.0.0.1:" + network.portOf(id));
        }
        watcher = new Thread(this::watch, "watcher");
        watcher.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        watching.set(false);
        watcher.join();
        members.close();
        assertThat(twoWriters.get()).as("SingleWriter").isNull();
    }

    @Test
    void silentFollowersSegmentMovesAfterItsLeaseAndItSeesThatWhenItIsBack() {
        int lost = Members.idOf(members.follower());
        leadBy(lost);
        network.cut(lost);
        Members.eventually(() -> holderOtherThan(lost).isPresent());
        assertThat(holds(members.get(lost))).isFalse();

        network.heal(lost);
        Members.eventually(
                () -> members.get(lost).view().topic("logs").orElseThrow().segments().size() == 2);
        Members.eventually(() -> members.get(lost).liveNodes().contains(lost));
        assertThat(members.get(lost).view().segment(new SegmentId("logs", 1)).orElseThrow().state())
                .isEqualTo(SegmentState.SEALING);
        assertThat(holds(members.get(lost))).isFalse();
    }

    @Test
    void metadataLeaderThatIsCutOffLosesItsSegmentTooAndStepsDown() {
        int lost = Members.idOf(members.leader());
        leadBy(lost);
        network.cut(lost);
        Members.eventually(() -> holderOtherThan(lost).isPresent());
        assertThat(holds(members.get(lost))).isFalse();
        Outcome alone =
                Members.await(
                        members.get(lost)
                                .propose(new CreateTopic("alone", Placement.single(lost))));
        assertThat(alone.isApplied()).isFalse();

        network.heal(lost);
        Members.eventually(() -> members.get(lost).status().role().equals("Follower"));
        Members.eventually(
                () -> members.get(lost).view().topic("logs").orElseThrow().segments().size() == 2);
    }

    @Test
    void unknownProposalIsFoundByItsIdOrByItsEffectAfterwards() {
        int lost = Members.idOf(members.leader());
        network.cut(lost);
        Outcome outcome =
                Members.await(
                        members.get(lost).propose(new CreateTopic("maybe", Placement.single(1))));
        network.heal(lost);
        members.leader();
        RaftMetadata node = members.get(lost);
        Members.eventually(
                () ->
                        Members.await(node.propose(new CreateTopic("after", Placement.single(1))))
                                .isApplied());
        boolean happened = node.view().topic("maybe").isPresent();
        if (outcome instanceof Outcome.Unknown unknown) {
            assertThat(node.view().outcomeOf(unknown.id()).isPresent()).isEqualTo(happened);
        } else {
            assertThat(happened).isEqualTo(outcome.isApplied());
        }
    }

    @Test
    void segmentOfALivingNodeCannotBeTakenAway() {
        int holder = Members.idOf(members.follower());
        leadBy(holder);
        RaftMetadata thief =
                members.all().stream()
                        .filter(node -> Members.idOf(node) != holder)
                        .findFirst()
                        .orElseThrow();
        Outcome outcome =
                Members.await(
                        thief.propose(
                                new BeginSeal(new SegmentId("logs", 1), 1, Optional.empty())));
        assertThat(((Outcome.Refused) outcome).code()).isEqualTo(RefusalCode.LEASE_HELD);
        assertThat(holds(members.get(holder))).isTrue();
    }

    @Test
    void emptyDirectoryUnderALivingNodesIdStaysOutside() {
        int taken = Members.idOf(members.follower());
        String store = members.get(taken).holder().storeId();
        RaftMetadata twin =
                Members.await(
                        RaftMetadata.start(
                                members.vertx,
                                new RaftMetadataOptions()
                                        .nodeId(taken)
                                        .dataDir(directory.resolve("twin"))
                                        .raftPort(0)
                                        .join(List.of("127.0.0.1:" + network.portOf(1)))));
        Members.eventually(
                () -> !twin.holder().storeId().equals(store) && twin.holder().boot() > 0);
        Members.eventually(() -> members.get(taken).liveNodes().contains(taken));
        assertThat(members.leader().view().node(taken).orElseThrow().storeId()).isEqualTo(store);
        assertThat(twin.ready().toCompletableFuture()).isNotDone();
        Members.await(twin.close());
    }

    private void leadBy(int node) {
        Members.await(members.leader().propose(new CreateTopic("logs", Placement.single(node))));
        Members.eventually(() -> holds(members.get(node)));
    }

    private Optional<RaftMetadata> holderOtherThan(int id) {
        return members.all().stream()
                .filter(node -> Members.idOf(node) != id && holds(node))
                .findFirst();
    }

    private static boolean holds(RaftMetadata node) {
        long deadline = node.leaseDeadlineNanos();
        return LeaseGate.check(node.view(), "logs", node.holder(), deadline, System.nanoTime())
                .isHeld();
    }

    /** Two that both hold before and after each other's look held at one moment. */
    private void watch() {
        List<RaftMetadata> all = members.all();
        while (watching.get()) {
            for (RaftMetadata one : all) {
                for (RaftMetadata other : all) {
                    if (one != other && holdBoth(one, other)) {
                        twoWriters.set(one.holder() + " and " + other.holder());
                    }
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(200_000);
        }
    }

    private static boolean holdBoth(RaftMetadata one, RaftMetadata other) {
        long firstDeadline = one.leaseDeadlineNanos();
        LeaseVerdict first = verdict(one, firstDeadline);
        LeaseVerdict between = verdict(other, other.leaseDeadlineNanos());
        LeaseVerdict last = verdict(one, firstDeadline);
        return first.isHeld() && between.isHeld() && last.isHeld();
    }

    private static LeaseVerdict verdict(RaftMetadata node, long deadline) {
        return LeaseGate.check(node.view(), "logs", node.holder(), deadline, System.nanoTime());
    }
}
