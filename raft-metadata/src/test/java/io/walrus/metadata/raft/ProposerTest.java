package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.ProposalHistory;
import io.walrus.metadata.RefusalCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a proposal when the leader answers, does not answer, answers too late, or is not
 * there.
 */
final class ProposerTest {
    private final Vertx vertx = Vertx.vertx();
    private final Duty duty = new Duty(1);
    private final PublishedView published = new PublishedView(duty, duty.callbacks());
    private final MemberPort port = new MemberPort(vertx, null, "", duty.timer(), duty.work(), 100);
    private final List<Proposal> log = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        Members.await(port.close().toCompletionStage());
        duty.close();
        Members.await(vertx.close().toCompletionStage());
    }

    @Test
    void lostReplyIsUnknownAndFoundInTheStateLater() {
        Proposer proposer = proposer(100, proposal -> new CompletableFuture<>());
        Outcome outcome = Members.await(proposer.propose(new Barrier()));
        assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
        assertThat(log).as("sent once, never repeated").hasSize(1);

        Outcome.Unknown unknown = (Outcome.Unknown) outcome;
        assertThat(published.view().outcomeOf(unknown.id())).isEmpty();
        published.publish(ClusterMetadata.EMPTY.apply(log.get(0)).next());
        assertThat(published.view().outcomeOf(unknown.id())).isPresent();
    }

    @Test
    void lostLeadershipIsTriedAgainUnderTheSameIdAndHappensOnce() {
        AtomicInteger tries = new AtomicInteger();
        Proposer proposer =
                proposer(
                        5_000,
                        proposal ->
                                tries.incrementAndGet() < 3
                                        ? applied(proposal, Optional.empty())
                                        : applied(proposal));
        Outcome outcome = Members.await(proposer.propose(new Barrier()));
        assertThat(outcome.isApplied()).isTrue();
        assertThat(log.stream().map(Proposal::id).distinct()).hasSize(1);
    }

    @Test
    void proposalThatTheStateShowsIsNotSentAgain() {
        Proposer proposer =
                proposer(
                        5_000,
                        proposal -> {
                            published.publish(published.view().apply(proposal).next());
                            return CompletableFuture.completedFuture(Optional.empty());
                        });
        assertThat(Members.await(proposer.propose(new Barrier())).isApplied()).isTrue();
        assertThat(log).hasSize(1);
    }

    @Test
    void withoutALeaderItIsRefusedAndCertainlyNeverHappens() {
        Proposer proposer = new Proposer(identity(), 100, duty, port, published, new Nowhere());
        Outcome outcome = Members.await(proposer.propose(new Barrier()));
        assertThat(((Outcome.Refused) outcome).code()).isEqualTo(RefusalCode.NO_LEADER);
        assertThat(RefusalCode.NO_LEADER.retryable()).isTrue();
    }

    @Test
    void refusalOfTheLeaderIsFinal() {
        Outcome refused = new Outcome.Refused(RefusalCode.LEASE_HELD, "a", "b");
        Proposer proposer =
                proposer(
                        5_000, proposal -> CompletableFuture.completedFuture(Optional.of(refused)));
        assertThat(Members.await(proposer.propose(new Barrier()))).isEqualTo(refused);
    }

    @Test
    void fewerAreInFlightThanTheStateRemembers() {
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        Proposer proposer = proposer(300, proposal -> new CompletableFuture<>());
        for (int i = 0; i < 1_000; i++) {
            all.add(proposer.propose(new Barrier()));
        }
        Members.await(all.get(0));
        long first = log.get(0).id().sequence();
        assertThat(log.get(Math.min(log.size(), ProposalHistory.OUTCOMES_MAX) - 1).id().sequence())
                .isLessThan(first + ProposalHistory.OUTCOMES_MAX);
        all.forEach(one -> assertThat(Members.await(one).isApplied()).isFalse());
    }

    @Test
    void manyProposalsAllGetTheirOwnOutcome() {
        Proposer proposer = proposer(5_000, this::applied);
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(proposer.propose(new Barrier()));
        }
        all.forEach(one -> assertThat(Members.await(one).isApplied()).isTrue());
        assertThat(published.view().version()).isEqualTo(1_000);
    }

    @Test
    void commandThatIsTooLongIsRefused() {
        Proposer proposer = proposer(5_000, this::applied);
        MetadataCommand big = new CreateTopic("x".repeat(2 << 20), Placement.single(1));
        Outcome outcome = Members.await(proposer.propose(big));
        assertThat(((Outcome.Refused) outcome).code()).isEqualTo(RefusalCode.TOO_MUCH);
        assertThat(log).isEmpty();
    }

    @Test
    void closingAnswersAllThatWait() {
        Proposer proposer = proposer(60_000, proposal -> new CompletableFuture<>());
        CompletableFuture<Outcome> sent = proposer.propose(new Barrier());
        Members.eventually(() -> log.size() == 1);
        duty.execute(proposer::close);
        assertThat(Members.await(sent)).isInstanceOf(Outcome.Unknown.class);
        Outcome later = Members.await(proposer.propose(new Barrier()));
        assertThat(((Outcome.Refused) later).code()).isEqualTo(RefusalCode.CLOSED);
    }

    private CompletableFuture<Optional<Outcome>> applied(Proposal proposal) {
        ClusterMetadata.Transition step = published.view().apply(proposal);
        published.publish(step.next());
        return CompletableFuture.completedFuture(Optional.of(step.outcome()));
    }

    private CompletableFuture<Optional<Outcome>> applied(
            Proposal proposal, Optional<Outcome> answer) {
        assertThat(proposal).isNotNull();
        return CompletableFuture.completedFuture(answer);
    }

    private Proposer proposer(
            long timeoutMillis,
            java.util.function.Function<Proposal, CompletableFuture<Optional<Outcome>>> leader) {
        return new Proposer(
                identity(),
                timeoutMillis,
                duty,
                port,
                published,
                new Nowhere() {
                    @Override
                    public boolean isHere() {
                        return true;
                    }

                    @Override
                    public CompletableFuture<Optional<Outcome>> accept(Proposal proposal) {
                        log.add(proposal);
                        return leader.apply(proposal);
                    }
                });
    }

    private static StoreIdentity identity() {
        return new StoreIdentity("c", "s", 1, "h:1", StoreIdentity.Stage.MEMBER, 3);
    }

    private static class Nowhere implements Proposer.Leadership {
        @Override
        public Optional<String> address() {
            return Optional.empty();
        }

        @Override
        public boolean isHere() {
            return false;
        }

        @Override
        public CompletableFuture<Optional<Outcome>> accept(Proposal proposal) {
            throw new AssertionError("nobody leads here");
        }
    }
}
