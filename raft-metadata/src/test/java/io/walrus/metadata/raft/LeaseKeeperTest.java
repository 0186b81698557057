package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.lease.LeaseTerms;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The holder's deadline, with a clock turned by hand. */
final class LeaseKeeperTest {
    private static final long MILLI = 1_000_000L;
    private long nowNanos = 5_000 * MILLI;
    private final PublishedView published = new PublishedView(Runnable::run, Runnable::run);
    private final LeaseKeeper lease =
            new LeaseKeeper(new LeaseTerms(1000, 100), () -> nowNanos, published);

    @Test
    void beginsWithoutALease() {
        assertThat(LeaseTerms.isReached(lease.deadlineNanos(), nowNanos)).isTrue();
    }

    @Test
    void countsFromSendingAndStopsAMarginEarly() {
        lease.answered(nowNanos, reply(true, 0));
        assertThat(lease.deadlineNanos()).isEqualTo(nowNanos + 900 * MILLI);
    }

    @Test
    void olderAnswerNeverShortensIt() {
        lease.answered(nowNanos, reply(true, 0));
        lease.answered(nowNanos - 300 * MILLI, reply(true, 0));
        lease.answered(nowNanos + 50 * MILLI, reply(false, 0));
        assertThat(lease.deadlineNanos()).isEqualTo(nowNanos + 900 * MILLI);
    }

    @Test
    void doesNotCountBeforeTheViewHasWhatTheLeaderHad() {
        lease.answered(nowNanos, reply(true, 1));
        assertThat(LeaseTerms.isReached(lease.deadlineNanos(), nowNanos)).isTrue();
        published.publish(ClusterMetadata.EMPTY.apply(new Barrier()).next());
        assertThat(lease.deadlineNanos()).isEqualTo(nowNanos + 900 * MILLI);
    }

    @Test
    void stoppedLeaseNeverComesBack() {
        lease.answered(nowNanos, reply(true, 0));
        lease.stop();
        lease.answered(nowNanos, reply(true, 0));
        assertThat(LeaseTerms.isReached(lease.deadlineNanos(), nowNanos)).isTrue();
    }

    @Test
    void hashesThatDifferAreFoundAndOthersSayNothing() {
        StateHashes ours = new StateHashes();
        StateHashes theirs = new StateHashes();
        ClusterMetadata state = ClusterMetadata.EMPTY;
        for (int i = 0; i < 2 * StateHashes.EVERY; i++) {
            state = state.apply(new Barrier()).next();
            ours.see(state);
            theirs.see(state);
        }
        assertThat(ours.marks()).hasSize(2);
        assertThat(ours.divergence(theirs.marks())).isEmpty();
        assertThat(ours.divergence(List.of(new StateHashes.Mark(5 * StateHashes.EVERY, 1))))
                .isEmpty();
        assertThat(ours.divergence(List.of(new StateHashes.Mark(StateHashes.EVERY, 1))))
                .isPresent();
    }

    private static PortMessages.HeartbeatReply reply(boolean granted, long requiredVersion) {
        return new PortMessages.HeartbeatReply(
                granted, "", requiredVersion, PortMessages.Standing.UNKNOWN, List.of());
    }
}
