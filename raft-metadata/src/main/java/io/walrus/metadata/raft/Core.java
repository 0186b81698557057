package io.walrus.metadata.raft;

import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.codec.MetadataCodec;
import io.walrus.metadata.lease.LeaseTerms;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Everything of a member that needs a cluster: the library's node and what this node says to the
 * leader, or answers as the leader.
 *
 * <p>Lives on the owning thread, except where a method says otherwise.
 */
final class Core {
    private static final System.Logger LOG = System.getLogger(Core.class.getName());
    private static final int HEARTBEATS_WAITING_MAX = 10;
    private static final long SNAPSHOT_RETRY_MILLIS = 10_000;
    private static final long CATCH_UP_RETRY_MILLIS = 50;

    final StoreIdentity identity;
    final RaftMember member;
    final LeaseKeeper lease;
    final Proposer proposer;
    final Belonging belonging;
    final MemberRequests requests;
    private final DrainWish drainWish;
    private final RaftMetadataOptions options;
    private final Duty duty;
    private final MemberPort port;
    private final PublishedView published;
    private final StateHashes hashes;
    private final MetadataStateMachine stateMachine;
    private final LeaderDuty leader;
    private final Membership membership;
    private final Consumer<Throwable> onFailure;
    private final MetadataCodec codec = new MetadataCodec();
    private final OpenQuestions questions;
    private int heartbeatsWaiting;
    private boolean snapshotUnderWay;

    Core(
            StoreIdentity identity,
            StoreDirectory directory,
            RaftMetadataOptions options,
            Duty duty,
            MemberPort port,
            PublishedView published,
            Runnable onRoleChange,
            Consumer<Throwable> onFailure) {
        this.identity = identity;
        this.options = options;
        this.duty = duty;
        this.port = port;
        this.published = published;
        this.onFailure = onFailure;
        this.hashes = new StateHashes();
        this.stateMachine =
                new MetadataStateMachine(
                        published,
                        hashes,
                        duty.work(),
                        onRoleChange,
                        () -> duty.execute(() -> leader().spread()),
                        onFailure);
        this.member =
                new RaftMember(
                        directory, identity, options, port, stateMachine, duty.work(), onFailure);
        LeaseTerms terms = new LeaseTerms(options.leaseMillis(), options.leaseMarginMillis());
        this.lease = new LeaseKeeper(terms, options.nanoClock(), published);
        this.proposer =
                new Proposer(
                        identity,
                        options.proposalTimeoutMillis(),
                        duty,
                        port,
                        published,
                        new Proposer.Leadership() {
                            @Override
                            public Optional<String> address() {
                                return member.leaderAddress();
                            }

                            @Override
                            public boolean isHere() {
                                return member.isLeader();
                            }

                            @Override
                            public CompletableFuture<Optional<Outcome>> accept(Proposal proposal) {
                                return leader().accept(proposal);
                            }
                        });
        this.leader =
                new LeaderDuty(
                        member,
                        stateMachine,
                        published,
                        hashes,
                        terms,
                        options.nanoClock(),
                        duty,
                        proposer::propose);
        this.membership =
                new Membership(
                        new MetadataCommand.FoundCluster(
                                identity.clusterId(),
                                options.replicationFactor(),
                                options.ackQuorum()),
                        member,
                        leader,
                        published,
                        duty,
                        proposer::propose);
        this.drainWish = new DrainWish(identity, published, duty, proposer::propose);
        this.belonging = new Belonging(this, options, duty, port, published);
        this.questions = new OpenQuestions(duty);
        this.requests =
                new MemberRequests(
                        identity,
                        options.proposalTimeoutMillis(),
                        member,
                        membership,
                        published,
                        duty,
                        questions,
                        port);
    }

    /**
     * Registers what this member answers, and starts the library; blocking, on a thread of its own.
     */
    void start() {
        new PortRpcServer(port).register();
        port.handle(PortNames.PROPOSE, call -> duty.execute(() -> proposed(call)));
        port.handle(PortNames.HEARTBEAT, this::heartbeatReceived);
        port.handle(PortNames.JOIN, call -> duty.execute(() -> joinAsked(call)));
        port.handle(PortNames.BELONGING, call -> duty.execute(() -> belongingAsked(call)));
        requests.register();
        member.start();
    }

    /** Once a heartbeat period. */
    void tick() {
        leader.tick();
        heartbeat();
        drainWish.tick();
        snapshotIfDue();
        handOverIfDiskIsFull();
    }

    /** Asks the leader to let this node in; the answer, or a failure, on the owning thread. */
    CompletableFuture<PortMessages.JoinReply> join(NodeMetadata self, String address) {
        if (member.isLeader()) {
            return CompletableFuture.completedFuture(membership.join(self));
        }
        byte[] body = codec.encode("join", new PortMessages.JoinRequest(self));
        return port.call(address, PortNames.JOIN, body, 2_000)
                .thenApplyAsync(
                        reply -> codec.decode("joined", PortMessages.JoinReply.class, reply.body()),
                        duty);
    }

    /** Any thread; completes when the cluster has agreed, and not at all if this member stops. */
    CompletableFuture<Void> drain() {
        return onDuty(drainWish::drain);
    }

    /** Any thread; likewise. */
    CompletableFuture<Void> undrain() {
        return onDuty(drainWish::undrain);
    }

    private CompletableFuture<Void> onDuty(Supplier<CompletableFuture<Void>> what) {
        return CompletableFuture.supplyAsync(what, duty).thenCompose(done -> done);
    }

    /** Any thread. */
    CompletableFuture<Boolean> catchUp() {
        CompletableFuture<Boolean> result =
                questions.ask(this::askForTheNewest, unanswered -> unanswered.complete(false));
        duty.later(options.proposalTimeoutMillis(), () -> result.complete(false));
        return result;
    }

    /** This member stops: who waits for something here hears that it does not come. */
    void stopWaiting() {
        proposer.close();
        questions.close();
    }

    /** Nobody may lead at the moment: then it is asked again, until the time is up. */
    private void askForTheNewest(CompletableFuture<Boolean> result) {
        if (result.isDone()) {
            return;
        }
        member.awaitNewest(
                isReached -> {
                    if (isReached) {
                        result.complete(true);
                    } else {
                        duty.later(CATCH_UP_RETRY_MILLIS, () -> askForTheNewest(result));
                    }
                });
    }

    /** Any thread. */
    CompletableFuture<Void> snapshot() {
        return member.snapshot()
                .thenAccept(
                        status -> {
                            if (!status.isOk()) {
                                throw new IllegalStateException(status.getErrorMsg());
                            }
                        });
    }

    long appliedIndex() {
        return stateMachine.appliedIndex();
    }

    private LeaderDuty leader() {
        return leader;
    }

    private void heartbeat() {
        if (heartbeatsWaiting >= HEARTBEATS_WAITING_MAX) {
            return;
        }
        PortMessages.Heartbeat heartbeat =
                new PortMessages.Heartbeat(
                        identity.nodeId(),
                        identity.storeId(),
                        identity.boots(),
                        published.view().version(),
                        member.lastLogIndex());
        long sentNanos = options.nanoClock().getAsLong();
        if (member.isLeader()) {
            leader.heartbeat(heartbeat, sentNanos, reply -> answered(sentNanos, reply));
            return;
        }
        Optional<String> address = member.leaderAddress();
        if (address.isEmpty()) {
            return;
        }
        heartbeatsWaiting++;
        port.call(
                        address.get(),
                        PortNames.HEARTBEAT,
                        codec.encode("heartbeat", heartbeat),
                        options.leaseMillis())
                .whenCompleteAsync(
                        (reply, failure) -> {
                            heartbeatsWaiting--;
                            if (failure == null) {
                                answered(
                                        sentNanos,
                                        codec.decode(
                                                "alive",
                                                PortMessages.HeartbeatReply.class,
                                                reply.body()));
                            }
                        },
                        duty);
    }

    private void answered(long sentNanos, PortMessages.HeartbeatReply reply) {
        Optional<StateHashes.Mark> divergence = hashes.divergence(reply.marks());
        if (divergence.isPresent()) {
            onFailure.accept(
                    new IllegalStateException(
                            "this node's state at version "
                                    + divergence.get().version()
                                    + " is not the leader's: it stops. Empty its metadata directory and join again"));
            return;
        }
        lease.answered(sentNanos, reply);
    }

    private void snapshotIfDue() {
        long since = stateMachine.appliedIndex() - stateMachine.snapshotIndex();
        if (snapshotUnderWay || since < options.snapshotEveryEntries() || member.waitsForRoom()) {
            return;
        }
        snapshotUnderWay = true;
        member.snapshot()
                .whenCompleteAsync(
                        (status, failure) -> {
                            boolean isDone = failure == null && status.isOk();
                            if (!isDone) {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "no snapshot of the metadata, it is tried again: {0}",
                                        failure == null ? status.getErrorMsg() : failure);
                            }
                            duty.later(
                                    isDone ? 0 : SNAPSHOT_RETRY_MILLIS,
                                    () -> snapshotUnderWay = false);
                        },
                        duty);
    }

    /** The others go on without it: a leader that cannot write would keep all of them waiting. */
    private void handOverIfDiskIsFull() {
        if (member.waitsForRoom() && member.isLeader()) {
            leader.live().stream()
                    .filter(id -> id != identity.nodeId())
                    .findFirst()
                    .flatMap(membership::transfer)
                    .ifPresent(
                            problem ->
                                    LOG.log(
                                            System.Logger.Level.DEBUG,
                                            "the leadership stays here: {0}",
                                            problem));
        }
    }

    private void heartbeatReceived(PortCall call) {
        long receivedNanos = options.nanoClock().getAsLong();
        PortMessages.Heartbeat heartbeat =
                codec.decode("heartbeat", PortMessages.Heartbeat.class, call.body());
        duty.execute(
                () ->
                        leader.heartbeat(
                                heartbeat,
                                receivedNanos,
                                reply ->
                                        call.reply(
                                                PortNames.HEARTBEAT,
                                                codec.encode("alive", reply))));
    }

    private void proposed(PortCall call) {
        if (!member.isLeader()) {
            call.fail("not the leader");
            return;
        }
        Proposal proposal = codec.decodeProposal(call.body());
        leader.accept(proposal)
                .thenAccept(
                        outcome ->
                                call.reply(
                                        PortNames.PROPOSE,
                                        codec.encodeOutcome(
                                                outcome.orElseGet(
                                                        () ->
                                                                new Outcome.Unknown(
                                                                        proposal.id(),
                                                                        "the leadership was lost")))));
    }

    private void joinAsked(PortCall call) {
        if (member.isLeader()) {
            PortMessages.JoinRequest request =
                    codec.decode("join", PortMessages.JoinRequest.class, call.body());
            call.reply(PortNames.JOIN, codec.encode("joined", membership.join(request.node())));
            return;
        }
        requests.forward(call);
    }

    private void belongingAsked(PortCall call) {
        if (member.isLeader()) {
            belonging.asked(call);
        } else {
            requests.forward(call);
        }
    }
}
