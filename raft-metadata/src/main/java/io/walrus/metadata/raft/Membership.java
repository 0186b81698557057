package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.Status;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.ExpelNode;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RemoveNode;
import io.walrus.metadata.MetadataCommand.RetireNode;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.SegmentId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How the leader lets nodes in and out. A join is a question that the node repeats; each time the
 * leader looks how far it is and takes the next step, so that a new leader, or the same one
 * restarted, goes on where the old one was.
 *
 * <p>Lives on the owning thread, on the leader. One change of the members at a time.
 */
final class Membership {
    private static final System.Logger LOG = System.getLogger(Membership.class.getName());

    /** A learner that is at most this many entries behind is caught up. */
    private static final long CAUGHT_UP_ENTRIES = 100;

    /**
     * A step that has not answered for this long never will; the next one is refused by the library
     * if it still runs.
     */
    private static final long BUSY_NANOS_MAX = 10_000_000_000L;

    private static final long NUDGE_NANOS = 100_000_000L;

    private final FoundCluster founding;
    private final RaftMember member;
    private final LeaderDuty leader;
    private final PublishedView published;
    private final Duty duty;
    private final Function<MetadataCommand, CompletableFuture<Outcome>> propose;
    private long busySinceNanos;
    private boolean busy;
    private long nudgedNanos = System.nanoTime();

    Membership(
            FoundCluster founding,
            RaftMember member,
            LeaderDuty leader,
            PublishedView published,
            Duty duty,
            Function<MetadataCommand, CompletableFuture<Outcome>> propose) {
        this.founding = founding;
        this.member = member;
        this.leader = leader;
        this.published = published;
        this.duty = duty;
        this.propose = propose;
    }

    /** The next step of a node that wants to be in; takes it without waiting for it. */
    PortMessages.JoinReply join(NodeMetadata node) {
        boolean isStuck = busy && System.nanoTime() - busySinceNanos > BUSY_NANOS_MAX;
        if (busy && !isStuck) {
            nudge();
            return waiting("another change of the members is under way");
        }
        ClusterMetadata view = published.view();
        if (view.clusterId().isEmpty()) {
            return step("the cluster is being founded", () -> propose.apply(founding));
        }
        Optional<String> conflict = conflictOf(view, node);
        if (conflict.isPresent()) {
            return new PortMessages.JoinReply(PortMessages.JoinReply.REFUSED, conflict.get());
        }
        Optional<NodeMetadata> before = view.node(node.id());
        boolean replaces = before.isPresent() && !before.get().storeId().equals(node.storeId());
        if (replaces) {
            return replace(before.get(), node);
        }
        if (!before.equals(Optional.of(node))) {
            return step(
                    "the node is being registered",
                    () -> propose.apply(new RegisterNode(node, "")));
        }
        return admit(node);
    }

    /** Removes a node from the members, then from the state; the outcome once both are done. */
    CompletableFuture<Outcome> leave(int nodeId) {
        return leave(nodeId, node -> new RemoveNode(node.id(), node.storeId()));
    }

    /** The same for a node that holds nothing that others do not have. */
    CompletableFuture<Outcome> retire(int nodeId) {
        return leave(nodeId, node -> new RetireNode(node.id(), node.storeId()));
    }

    private CompletableFuture<Outcome> leave(
            int nodeId, Function<NodeMetadata, MetadataCommand> command) {
        ClusterMetadata view = published.view();
        Optional<NodeMetadata> node = view.node(nodeId);
        if (node.isEmpty()) {
            return CompletableFuture.completedFuture(new Outcome.Applied(view.version(), false));
        }
        MetadataCommand remove = command.apply(node.get());
        Optional<Outcome> refusal = checkLeave(view, nodeId, remove);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(refusal.get());
        }
        return remove(node.get(), remove);
    }

    /** Removes a node that does not answer, for good; the outcome once it is out of all. */
    CompletableFuture<Outcome> expel(int nodeId) {
        return expel(nodeId, node -> Optional.empty());
    }

    /**
     * The same for a node that holds nothing that others do not have. Whether it is alive is asked
     * first: then it is no question whether it can be spared.
     */
    CompletableFuture<Outcome> expelUnneeded(int nodeId) {
        return expel(nodeId, this::neededBecause);
    }

    /** What it wrote and nobody else has; a dead node writes nothing more. */
    private Optional<Outcome> neededBecause(NodeMetadata node) {
        List<SegmentId> held = published.view().onlyAt(node.id(), node.storeId());
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Outcome.Refused(
                                RefusalCode.ONLY_COPY,
                                "that others have all entries of node " + node.id(),
                                "%d %s (%s %d)"
                                        .formatted(
                                                held.size(),
                                                held.size() == 1 ? "segment" : "segments",
                                                held.get(0).topic(),
                                                held.get(0).number())));
    }

    private CompletableFuture<Outcome> expel(
            int nodeId, Function<NodeMetadata, Optional<Outcome>> whyNeeded) {
        ClusterMetadata view = published.view();
        Optional<NodeMetadata> node = view.node(nodeId);
        if (node.isEmpty()) {
            return CompletableFuture.completedFuture(new Outcome.Applied(view.version(), false));
        }
        boolean isOurselves = node.get().raftAddress().equals(member.address());
        if (isOurselves || leader.mayHold(nodeId)) {
            return refused(RefusalCode.NODE_ALIVE, "a node that is silent", "it answers");
        }
        MetadataCommand expel = new ExpelNode(nodeId, node.get().storeId());
        Optional<Outcome> refusal = whyNeeded.apply(node.get()).or(() -> view.refusalOf(expel));
        return refusal.isPresent()
                ? CompletableFuture.completedFuture(refusal.get())
                : remove(node.get(), expel);
    }

    private static CompletableFuture<Outcome> refused(
            RefusalCode code, String expected, String found) {
        return CompletableFuture.completedFuture(new Outcome.Refused(code, expected, found));
    }

    private CompletableFuture<Outcome> remove(NodeMetadata node, MetadataCommand remove) {
        String address = node.raftAddress();
        Supplier<CompletableFuture<Status>> change =
                member.learners().contains(address)
                        ? () -> member.removeLearner(address)
                        : () -> member.removeVoter(address);
        // The command first where the leader itself leaves: it does not lead any more afterwards.
        if (address.equals(member.address())) {
            return propose.apply(remove)
                    .thenComposeAsync(
                            outcome ->
                                    outcome.isApplied()
                                            ? change.get().thenApply(status -> outcome)
                                            : CompletableFuture.completedFuture(outcome),
                            duty);
        }
        if (!member.voters().contains(address) && !member.learners().contains(address)) {
            return propose.apply(remove);
        }
        return change.get()
                .thenComposeAsync(
                        status ->
                                status.isOk()
                                        ? removeMember(remove, address)
                                        : CompletableFuture.completedFuture(
                                                new Outcome.Refused(
                                                        RefusalCode.NO_LEADER,
                                                        "a change of the members",
                                                        status.getErrorMsg())),
                        duty);
    }

    /** What was written between the look and the command may forbid it: the node votes again. */
    private CompletableFuture<Outcome> removeMember(MetadataCommand remove, String address) {
        return propose.apply(remove)
                .thenComposeAsync(
                        outcome ->
                                outcome instanceof Outcome.Refused
                                        ? member.addVoter(address).thenApply(status -> outcome)
                                        : CompletableFuture.completedFuture(outcome),
                        duty);
    }

    /** Hands the leadership of this node to that voter; what is in the way, if it cannot be. */
    Optional<String> transfer(int nodeId) {
        Optional<NodeMetadata> node = published.view().node(nodeId);
        if (node.isEmpty() || !member.voters().contains(node.get().raftAddress())) {
            return Optional.of("node " + nodeId + " is no voter");
        }
        if (node.get().raftAddress().equals(member.address())) {
            return Optional.empty();
        }
        Status status = member.transferTo(node.get().raftAddress());
        return status.isOk() ? Optional.empty() : Optional.of(status.getErrorMsg());
    }

    private static Optional<String> conflictOf(ClusterMetadata view, NodeMetadata node) {
        for (NodeMetadata other : view.nodes().values()) {
            boolean isSameAddress = other.raftAddress().equals(node.raftAddress());
            if (isSameAddress && other.id() != node.id()) {
                return Optional.of(
                        node.raftAddress()
                                + " is the address of node "
                                + other.id()
                                + "; use another port");
            }
            boolean moved = other.storeId().equals(node.storeId()) && !isSameAddress;
            if (moved && other.id() == node.id()) {
                return Optional.of(
                        "this store is a member as "
                                + other.raftAddress()
                                + ", not as "
                                + node.raftAddress()
                                + "; start it with its old address, or let it leave first");
            }
        }
        return Optional.empty();
    }

    /**
     * A store that is gone must be out of the voters before a new one takes its id: an empty log
     * must never vote for a full one.
     */
    private PortMessages.JoinReply replace(NodeMetadata old, NodeMetadata node) {
        if (leader.mayHold(old.id())) {
            return waiting(
                    "node "
                            + old.id()
                            + " is, or was a moment ago, alive with store "
                            + old.storeId());
        }
        if (member.voters().contains(old.raftAddress())) {
            return change("the lost store is removed", () -> member.removeVoter(old.raftAddress()));
        }
        if (member.learners().contains(old.raftAddress())) {
            return change(
                    "the lost store is removed", () -> member.removeLearner(old.raftAddress()));
        }
        return step(
                "the new store is being registered",
                () -> propose.apply(new RegisterNode(node, old.storeId())));
    }

    private PortMessages.JoinReply admit(NodeMetadata node) {
        String address = node.raftAddress();
        if (member.voters().contains(address)) {
            return member.isAgreedOn(address)
                    ? new PortMessages.JoinReply(PortMessages.JoinReply.IN, "a voter")
                    : waiting("its vote is being agreed on");
        }
        if (!member.learners().contains(address)) {
            return change("it becomes a learner", () -> member.addLearner(address));
        }
        long behind = member.lastLogIndex() - leader.lastIndexOf(node.id());
        if (leader.lastIndexOf(node.id()) < 0 || behind > CAUGHT_UP_ENTRIES) {
            return waiting("it is " + behind + " entries behind");
        }
        return change(
                "it becomes a voter",
                () ->
                        member.removeLearner(address)
                                .thenComposeAsync(
                                        status ->
                                                status.isOk()
                                                        ? member.addVoter(address)
                                                        : CompletableFuture.completedFuture(status),
                                        duty));
    }

    private Optional<Outcome> checkLeave(ClusterMetadata view, int nodeId, MetadataCommand remove) {
        Optional<Outcome> refusal = view.refusalOf(remove);
        if (refusal.isPresent()) {
            return refusal;
        }
        List<String> voters = member.voters();
        boolean isLast =
                voters.size() == 1 && voters.contains(view.nodes().get(nodeId).raftAddress());
        return isLast
                ? Optional.of(
                        new Outcome.Refused(
                                RefusalCode.NODE_IN_USE, "another voter", "it is the last one"))
                : Optional.empty();
    }

    private PortMessages.JoinReply step(String what, Supplier<CompletableFuture<Outcome>> step) {
        begin();
        step.get()
                .whenCompleteAsync(
                        (outcome, failure) -> {
                            busy = false;
                            if (failure != null || !outcome.isApplied()) {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "{0}: {1}",
                                        what,
                                        failure == null ? outcome : failure);
                            }
                        },
                        duty);
        return waiting(what);
    }

    private PortMessages.JoinReply change(String what, Supplier<CompletableFuture<Status>> change) {
        begin();
        change.get()
                .whenCompleteAsync(
                        (status, failure) -> {
                            busy = false;
                            if (failure != null || !status.isOk()) {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "{0}: {1}",
                                        what,
                                        failure == null ? status : failure);
                            }
                        },
                        duty);
        return waiting(what);
    }

    /**
     * The library hears that a new voter has caught up only when an append is answered after it
     * began to wait for that; on an idle log it waits for ever. So something is appended.
     */
    private void nudge() {
        if (System.nanoTime() - nudgedNanos > NUDGE_NANOS) {
            nudgedNanos = System.nanoTime();
            propose.apply(new MetadataCommand.Barrier());
        }
    }

    private void begin() {
        busy = true;
        busySinceNanos = System.nanoTime();
        nudgedNanos = busySinceNanos;
    }

    private static PortMessages.JoinReply waiting(String detail) {
        return new PortMessages.JoinReply(PortMessages.JoinReply.WAIT, detail);
    }
}
