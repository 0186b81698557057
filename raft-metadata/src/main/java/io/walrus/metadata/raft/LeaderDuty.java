package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.LeaderRotation;
import io.walrus.metadata.MetadataCommand.BeginSeal;
import io.walrus.metadata.MetadataCommand.ExpelNode;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.ProposalId;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseTable;
import io.walrus.metadata.lease.LeaseTerms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What the metadata leader does beside replicating: it grants leases, and takes segments away from
 * nodes whose lease ran out.
 *
 * <p>Lives on the owning thread. A heartbeat is granted only after a majority has confirmed, later
 * than it was received, that this node leads: so any other leader was elected after that, waits a
 * whole lease before it takes anything away, and thereby waits for every lease that was ever
 * granted before it.
 */
final class LeaderDuty {
    private static final System.Logger LOG = System.getLogger(LeaderDuty.class.getName());
    private static final long CONFIRM_NANOS_MAX = 1_000_000_000L;
    private static final int SEALS_AT_ONCE = 64;

    private final RaftMember member;
    private final MetadataStateMachine stateMachine;
    private final PublishedView published;
    private final StateHashes hashes;
    private final LongSupplier clock;
    private final Duty duty;
    private final LeaseTable leases;
    private final Function<BeginSeal, CompletableFuture<Outcome>> proposeSeal;
    private final TreeMap<Integer, Long> lastIndexByNode = new TreeMap<>();
    private final Set<SegmentId> sealing = new HashSet<>();

    private final SilentNodes silent = new SilentNodes();
    private final Map<ProposalId, Integer> fencedFor = new HashMap<>();
    private List<Waiting> waiting = new ArrayList<>();
    private long servedTerm = -1;
    private long confirmation;
    private boolean confirming;
    private boolean spreading;
    private SortedMap<Integer, NodeMetadata> nodesWithoutLoss;
    private long confirmingSinceNanos;

    /** A heartbeat that waits for the majority's confirmation. */
    private record Waiting(
            PortMessages.Heartbeat heartbeat,
            long receivedNanos,
            Consumer<PortMessages.HeartbeatReply> reply) {}

    LeaderDuty(
            RaftMember member,
            MetadataStateMachine stateMachine,
            PublishedView published,
            StateHashes hashes,
            LeaseTerms terms,
            LongSupplier clock,
            Duty duty,
            Function<BeginSeal, CompletableFuture<Outcome>> proposeSeal) {
        this.member = member;
        this.stateMachine = stateMachine;
        this.published = published;
        this.hashes = hashes;
        this.clock = clock;
        this.duty = duty;
        this.leases = new LeaseTable(terms, clock.getAsLong());
        this.proposeSeal = proposeSeal;
        published.onChange(change -> duty.execute(() -> silent.onChange(change)));
    }

    /** A heartbeat that came in at that time of this node's clock; the answer may come later. */
    void heartbeat(
            PortMessages.Heartbeat heartbeat,
            long receivedNanos,
            Consumer<PortMessages.HeartbeatReply> reply) {
        if (!leads()) {
            reply.accept(refused("this node is not the leader"));
            return;
        }
        Optional<NodeMetadata> node = published.view().node(heartbeat.nodeId());
        boolean isRegistered =
                node.isPresent()
                        && node.get().storeId().equals(heartbeat.storeId())
                        && node.get().boot() <= heartbeat.boot();
        if (node.isEmpty() || node.get().storeId().equals(heartbeat.storeId())) {
            lastIndexByNode.put(heartbeat.nodeId(), heartbeat.lastLogIndex());
        }
        if (!isRegistered) {
            reply.accept(refused("store " + heartbeat.storeId() + " is not registered"));
            return;
        }
        waiting.add(new Waiting(heartbeat, receivedNanos, reply));
        confirm();
    }

    /** Once a heartbeat period. */
    void tick() {
        if (!leads()) {
            lastIndexByNode.clear();
            sealing.clear();
            silent.forget();
            List<Waiting> dropped = waiting;
            waiting = new ArrayList<>();
            dropped.forEach(w -> w.reply().accept(refused("this node leads no more")));
            return;
        }
        // An answer that never came must not silence the next ones.
        spreading = false;
        confirm();
        ClusterMetadata view = published.view();
        long nowNanos = clock.getAsLong();
        for (int nodeId : view.nodes().keySet()) {
            takeOverFrom(view, nodeId, nowNanos);
        }
        silent.allLooked();
        takeOverFromLostStores(view, nowNanos);
    }

    /**
     * Decides about a proposal that reached the leader, and puts it into the log; empty if nobody
     * can say what becomes of it.
     *
     * <p>What takes something away from a node that may hold a lease is refused. Otherwise the node
     * is fenced, so that it gets no lease before the outcome is in the state: from there on its own
     * view shows that it lost the segment.
     */
    CompletableFuture<Optional<Outcome>> accept(Proposal proposal) {
        OptionalInt victim = victimOf(proposal);
        if (victim.isEmpty()) {
            return member.append(proposal);
        }
        if (!leads() || !leases.fence(victim.getAsInt(), clock.getAsLong())) {
            return CompletableFuture.completedFuture(Optional.of(stillAlive(proposal, victim)));
        }
        fencedFor.put(proposal.id(), victim.getAsInt());
        CompletableFuture<Optional<Outcome>> result = member.append(proposal);
        result.thenAcceptAsync(
                outcome -> outcome.ifPresent(known -> fencedFor.remove(proposal.id())), duty);
        return result;
    }

    /**
     * Something was applied here: the followers hear of it now, and not with the library's next
     * heartbeat, because the next leader of a segment waits for exactly that. One round at a time;
     * what is applied meanwhile goes with the next.
     */
    void spread() {
        if (spreading || !leads()) {
            return;
        }
        spreading = true;
        long version = published.view().version();
        member.confirmLeadership(isConfirmed -> duty.execute(() -> spreadTo(version)));
    }

    private void spreadTo(long version) {
        spreading = false;
        if (published.view().version() != version) {
            spread();
        }
    }

    /** Whether the node may still believe that it holds its lease. */
    boolean mayHold(int nodeId) {
        return leads() && leases.mayHold(nodeId, clock.getAsLong());
    }

    SortedSet<Integer> live() {
        return leads() ? live(published.view(), clock.getAsLong()) : new TreeSet<>();
    }

    /** Who drains is alive, but no place for new segments. */
    private SortedSet<Integer> live(ClusterMetadata view, long nowNanos) {
        SortedSet<Integer> live = leases.live(view.nodes().keySet(), nowNanos);
        live.removeAll(view.draining());
        return live;
    }

    /** Newest log entry that the node said it has; -1 if it said nothing to this leader. */
    long lastIndexOf(int nodeId) {
        return lastIndexByNode.getOrDefault(nodeId, -1L);
    }

    private boolean leads() {
        long term = stateMachine.leaderTerm();
        if (term < 0 || !member.isLeader()) {
            return false;
        }
        if (term != servedTerm) {
            // A new leader knows of no lease: all may hold one, counted from now.
            servedTerm = term;
            leases.takeOver(clock.getAsLong());
            lastIndexByNode.clear();
            sealing.clear();
            fencedFor.clear();
            spreading = false;
            nodesWithoutLoss = null;
            silent.forget();
        }
        return true;
    }

    private void confirm() {
        boolean isStuck =
                confirming && clock.getAsLong() - confirmingSinceNanos > CONFIRM_NANOS_MAX;
        if (waiting.isEmpty() || (confirming && !isStuck)) {
            return;
        }
        List<Waiting> batch = waiting;
        waiting = new ArrayList<>();
        confirming = true;
        confirmingSinceNanos = clock.getAsLong();
        long number = ++confirmation;
        long term = servedTerm;
        member.confirmLeadership(
                isConfirmed -> duty.execute(() -> confirmed(number, term, batch, isConfirmed)));
    }

    private void confirmed(long number, long term, List<Waiting> batch, boolean isConfirmed) {
        if (number == confirmation) {
            confirming = false;
        }
        boolean stillLeads = leads() && servedTerm == term;
        for (Waiting one : batch) {
            if (!isConfirmed || !stillLeads) {
                one.reply().accept(refused("no majority confirms this leader"));
            } else if (leases.grant(one.heartbeat().nodeId(), one.receivedNanos())) {
                one.reply().accept(granted());
            } else {
                one.reply().accept(refused("its segments are being given away"));
            }
        }
        confirm();
    }

    private PortMessages.HeartbeatReply granted() {
        return new PortMessages.HeartbeatReply(
                true, "", published.view().version(), standing(), hashes.marks());
    }

    private PortMessages.HeartbeatReply refused(String why) {
        return new PortMessages.HeartbeatReply(
                false, why, published.view().version(), standing(), hashes.marks());
    }

    private PortMessages.Standing standing() {
        if (!leads()) {
            return PortMessages.Standing.UNKNOWN;
        }
        ClusterMetadata view = published.view();
        TreeMap<Integer, Long> replicated = new TreeMap<>();
        int self = 0;
        for (NodeMetadata node : view.nodes().values()) {
            if (node.raftAddress().equals(member.address())) {
                self = node.id();
                replicated.put(node.id(), member.lastLogIndex());
            } else {
                replicated.put(node.id(), Math.max(0, lastIndexOf(node.id())));
            }
        }
        return new PortMessages.Standing(
                self, member.voters(), member.learners(), List.copyOf(live()), replicated);
    }

    /** The node that loses something by the proposal without having asked for it itself. */
    private OptionalInt victimOf(Proposal proposal) {
        ClusterMetadata view = published.view();
        if (proposal.command() instanceof BeginSeal begin) {
            Optional<SegmentMetadata> segment = view.segment(begin.segment());
            boolean takesAway =
                    segment.isPresent()
                            && segment.get().leaderNode() != proposal.id().nodeId()
                            && !segment.get().isLost(view);
            return takesAway ? OptionalInt.of(segment.get().leaderNode()) : OptionalInt.empty();
        }
        if (proposal.command() instanceof RegisterNode register) {
            Optional<NodeMetadata> before = view.node(register.node().id());
            boolean replaces =
                    before.isPresent() && !before.get().storeId().equals(register.node().storeId());
            return replaces ? OptionalInt.of(before.get().id()) : OptionalInt.empty();
        }
        if (proposal.command() instanceof ExpelNode expel) {
            return view.node(expel.nodeId()).isPresent()
                    ? OptionalInt.of(expel.nodeId())
                    : OptionalInt.empty();
        }
        return OptionalInt.empty();
    }

    private static Outcome stillAlive(Proposal proposal, OptionalInt victim) {
        RefusalCode code =
                proposal.command() instanceof BeginSeal
                        ? RefusalCode.LEASE_HELD
                        : RefusalCode.NODE_ALIVE;
        return new Outcome.Refused(
                code,
                "that node " + victim.getAsInt() + " holds no lease",
                "it may hold one; it has to stop or to be silent for a whole lease first");
    }

    private void takeOverFrom(ClusterMetadata view, int nodeId, long nowNanos) {
        if (leases.mayHold(nodeId, nowNanos)) {
            silent.isBack(nodeId);
            return;
        }
        List<BeginSeal> seals =
                seals(view, nodeId, nowNanos, silent.ledBy(nodeId, view), segment -> true);
        fencedFor.keySet().removeIf(id -> view.outcomeOf(id).isPresent());
        if (seals.isEmpty()) {
            if (!fencedFor.containsValue(nodeId)) {
                leases.unfence(nodeId);
            }
            return;
        }
        if (!leases.isFenced(nodeId)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "node {0} does not renew its lease: its open segments move to other nodes",
                    nodeId);
        }
        seals.forEach(this::seal);
    }

    /**
     * A store that was replaced is not alive, was checked then, and can never come back: its open
     * segments need no waiting. A store is lost by a change of the nodes only.
     */
    private void takeOverFromLostStores(ClusterMetadata view, long nowNanos) {
        if (view.nodes() == nodesWithoutLoss) {
            return;
        }
        List<BeginSeal> seals =
                seals(view, 0, nowNanos, view.topics().values(), segment -> segment.isLost(view));
        boolean isClean = seals.isEmpty() && sealing.isEmpty();
        nodesWithoutLoss =
                isClean && !leases.live(view.nodes().keySet(), nowNanos).isEmpty()
                        ? view.nodes()
                        : null;
        seals.forEach(this::seal);
    }

    private List<BeginSeal> seals(
            ClusterMetadata view,
            int except,
            long nowNanos,
            Collection<TopicMetadata> topics,
            Predicate<SegmentMetadata> which) {
        SortedSet<Integer> live = live(view, nowNanos);
        live.remove(except);
        List<BeginSeal> seals = new ArrayList<>();
        for (TopicMetadata topic : topics) {
            Optional<SegmentMetadata> open = topic.openSegment().filter(which);
            if (open.isEmpty()) {
                continue;
            }
            SegmentId id = new SegmentId(topic.name(), open.get().number());
            OptionalInt next = LeaderRotation.next(open.get().leaderNode(), live);
            boolean canMove = next.isPresent() && view.replicationFactor() == 1;
            if (canMove && !sealing.contains(id) && sealing.size() + seals.size() < SEALS_AT_ONCE) {
                seals.add(
                        new BeginSeal(
                                id,
                                open.get().epoch(),
                                Optional.of(Placement.single(next.getAsInt()))));
            }
        }
        return seals;
    }

    private void seal(BeginSeal begin) {
        sealing.add(begin.segment());
        proposeSeal
                .apply(begin)
                .whenCompleteAsync(
                        (outcome, failure) -> {
                            sealing.remove(begin.segment());
                            if (failure != null || !outcome.isApplied()) {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "taking over {0}: {1}",
                                        begin.segment(),
                                        failure == null ? outcome : failure);
                            }
                        },
                        duty);
    }
}
