package io.walrus.metadata.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.BeginSeal;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RollOver;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class LeaseTest {
    private static final long MILLI = 1_000_000L;
    private static final LeaseTerms TERMS = new LeaseTerms(1000, 100);
    private static final SegmentId FIRST = new SegmentId("logs", 1);
    private final LeaseHolder one = new LeaseHolder(1, "s1", 1);
    private ClusterMetadata view =
            state(
                    new FoundCluster("c", 1, 1),
                    new RegisterNode(new NodeMetadata(1, "h:1", "h", 1, "s1", 1), ""),
                    new RegisterNode(new NodeMetadata(2, "h:2", "h", 2, "s2", 1), ""),
                    new CreateTopic("logs", Placement.single(1)));

    @Test
    void leaderHoldsUntilItsDeadlineAndNotAtIt() {
        assertThat(LeaseGate.check(view, "logs", one, 50, 49))
                .isEqualTo(new LeaseVerdict.Held(FIRST, 1, 50));
        assertThat(LeaseGate.check(view, "logs", one, 50, 50))
                .isEqualTo(new LeaseVerdict.Expired(FIRST, 1));
    }

    @Test
    void verdictIsRightAcrossAnOverflowOfTheClock() {
        long deadline = Long.MIN_VALUE + 10;
        assertThat(LeaseGate.check(view, "logs", one, deadline, Long.MAX_VALUE).isHeld()).isTrue();
        assertThat(LeaseGate.check(view, "logs", one, Long.MAX_VALUE, deadline).isHeld()).isFalse();
    }

    @Test
    void othersAreToldWhoLeads() {
        assertThat(LeaseGate.check(view, "logs", new LeaseHolder(2, "s2", 1), 50, 1))
                .isEqualTo(new LeaseVerdict.NotLeader(1, FIRST));
        assertThat(LeaseGate.check(view, "none", one, 50, 1))
                .isEqualTo(new LeaseVerdict.NoTopic("none"));
    }

    @Test
    void laterBootOrAnotherStoreNeverHolds() {
        assertThat(LeaseGate.check(view, "logs", new LeaseHolder(1, "s1", 2), 50, 1))
                .isEqualTo(new LeaseVerdict.Outlived(FIRST, 1));
        assertThat(LeaseGate.check(view, "logs", new LeaseHolder(1, "new", 1), 50, 1))
                .isEqualTo(new LeaseVerdict.Outlived(FIRST, 1));
    }

    @Test
    void sealedAndSealingSegmentsAreNeverHeld() {
        ClusterMetadata rolled =
                view.apply(
                                new RollOver(
                                        FIRST,
                                        1,
                                        "s1",
                                        3,
                                        CursorPosition.START,
                                        Placement.single(2)))
                        .next();
        assertThat(LeaseGate.check(rolled, FIRST, one, 50, 1))
                .isEqualTo(new LeaseVerdict.Sealed(FIRST));
        assertThat(LeaseGate.check(rolled, "logs", new LeaseHolder(2, "s2", 1), 50, 1))
                .isEqualTo(new LeaseVerdict.Held(new SegmentId("logs", 2), 2, 50));
        ClusterMetadata taken = view.apply(new BeginSeal(FIRST, 1, Optional.empty())).next();
        assertThat(LeaseGate.check(taken, "logs", one, 50, 1))
                .isEqualTo(new LeaseVerdict.Sealing(FIRST));
    }

    @Property
    void holderAlwaysStopsBeforeTheGranterMayGiveAway(
            @ForAll @LongRange(min = -1_000_000, max = 1_000_000) long sentNanos,
            @ForAll @LongRange(min = 0, max = 5_000_000_000L) long travelNanos,
            @ForAll @LongRange(min = -99_000_000, max = 99_000_000) long driftNanos) {
        long receivedNanos = sentNanos + travelNanos;
        long holderStops = TERMS.holderDeadlineNanos(sentNanos) + driftNanos;
        assertThat(holderStops).isLessThan(TERMS.granterExpiryNanos(receivedNanos));
    }

    @Test
    void newGranterWaitsAWholeLeaseForEveryNode() {
        LeaseTable table = new LeaseTable(TERMS, 0);
        assertThat(table.mayHold(1, 999 * MILLI)).isTrue();
        assertThat(table.fence(1, 999 * MILLI)).isFalse();
        assertThat(table.mayHold(1, 1000 * MILLI)).isFalse();
        assertThat(table.live(List.of(1), 1)).isEmpty();
    }

    @Test
    void grantExtendsAndNeverShortens() {
        LeaseTable table = new LeaseTable(TERMS, 0);
        assertThat(table.grant(1, 500 * MILLI)).isTrue();
        assertThat(table.grant(1, 400 * MILLI)).isTrue();
        assertThat(table.mayHold(1, 1499 * MILLI)).isTrue();
        assertThat(table.mayHold(1, 1500 * MILLI)).isFalse();
        assertThat(table.live(List.of(1, 2), 600 * MILLI)).containsExactly(1);
    }

    @Test
    void fencedNodeGetsNothingUntilItIsUnfenced() {
        LeaseTable table = new LeaseTable(TERMS, 0);
        assertThat(table.fence(1, 1000 * MILLI)).isTrue();
        assertThat(table.grant(1, 1001 * MILLI)).isFalse();
        assertThat(table.mayHold(1, 1001 * MILLI)).isFalse();
        table.unfence(1);
        assertThat(table.grant(1, 1002 * MILLI)).isTrue();
        assertThat(table.live(List.of(1), 1003 * MILLI)).containsExactly(1);
    }

    @Test
    void takingOverForgetsFencesAndGrants() {
        LeaseTable table = new LeaseTable(TERMS, 0);
        table.fence(1, 2000 * MILLI);
        table.takeOver(3000 * MILLI);
        assertThat(table.isFenced(1)).isFalse();
        assertThat(table.mayHold(1, 3999 * MILLI)).isTrue();
    }

    private static ClusterMetadata state(MetadataCommand... commands) {
        ClusterMetadata state = ClusterMetadata.EMPTY;
        for (MetadataCommand command : commands) {
            state = state.apply(command).next();
        }
        return state;
    }
}
