package io.walrus.metadata;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything the cluster agrees on, as one immutable value.
 *
 * <p>Any thread may read it. {@link #apply(Proposal)} is a pure function: no IO, no clock, no
 * randomness; the same proposals in the same order lead to an equal value on every node.
 *
 * @param clusterId identity of the cluster; empty until it is founded
 * @param version how many commands were applied, refused ones included
 * @param replicationFactor copies of a segment
 * @param ackQuorum copies that must be durable before an entry is acknowledged
 * @param lastInitialLeader first leader of the newest topic, where the rotation goes on; 0 at first
 * @param epochFloor every new topic starts above this epoch, so that a topic deleted and created
 *     again never sees an old epoch
 * @param nodes the registered nodes by id
 * @param topics the topics by name
 * @param proposals what became of each node's last proposals
 */
public record ClusterMetadata(
        String clusterId,
        long version,
        int replicationFactor,
        int ackQuorum,
        int lastInitialLeader,
        long epochFloor,
        SortedMap<Integer, NodeMetadata> nodes,
        SortedMap<String, TopicMetadata> topics,
        SortedMap<Integer, ProposalHistory> proposals) {

    /** A state that has seen nothing. */
    public static final ClusterMetadata EMPTY =
            new ClusterMetadata(
                    "",
                    0,
                    1,
                    1,
                    0,
                    0,
                    Collections.emptySortedMap(),
                    Collections.emptySortedMap(),
                    Collections.emptySortedMap());

    public ClusterMetadata {
        Objects.requireNonNull(clusterId, "clusterId");
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
        proposals = Collections.unmodifiableSortedMap(new TreeMap<>(proposals));
    }

    /**
     * The next state and what became of the proposal. A proposal that was applied before changes
     * nothing and gets its first outcome again.
     */
    public Transition apply(Proposal proposal) {
        ProposalId id = proposal.id();
        Optional<Outcome> before = outcomeOf(id);
        if (before.isPresent()) {
            return new Transition(at(version + 1), before.get());
        }
        ProposalHistory history = proposals.get(id.nodeId());
        if (history != null && history.hasForgotten(id)) {
            return Commands.refused(
                    at(version + 1),
                    RefusalCode.TOO_LATE,
                    "a sequence from " + history.outcomes().firstKey(),
                    id.sequence());
        }
        Transition done = apply(proposal.command());
        ProposalHistory empty = new ProposalHistory(id.storeId(), Collections.emptySortedMap());
        TreeMap<Integer, ProposalHistory> histories = new TreeMap<>(proposals);
        histories.put(id.nodeId(), (history == null ? empty : history).with(id, done.outcome()));
        return new Transition(done.next().withProposals(histories), done.outcome());
    }

    /**
     * The next state and what became of the command; a refused command only counts the version on.
     */
    public Transition apply(MetadataCommand command) {
        return Commands.apply(at(version + 1), command);
    }

    /**
     * What became of a proposal, if this state has seen it; it remembers the last {@value
     * ProposalHistory#OUTCOMES_MAX} of each node.
     */
    public Optional<Outcome> outcomeOf(ProposalId id) {
        ProposalHistory history = proposals.get(id.nodeId());
        return history == null ? Optional.empty() : history.outcomeOf(id);
    }

    public Optional<NodeMetadata> node(int id) {
        return Optional.ofNullable(nodes.get(id));
    }

    public Optional<TopicMetadata> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    public Optional<SegmentMetadata> segment(SegmentId id) {
        return topic(id.topic()).flatMap(topic -> topic.segment(id.number()));
    }

    /** The next state of the cluster, and what became of the command that led there. */
    public record Transition(ClusterMetadata next, Outcome outcome) {}

    private ClusterMetadata at(long newVersion) {
        return new ClusterMetadata(
                clusterId,
                newVersion,
                replicationFactor,
                ackQuorum,
                lastInitialLeader,
                epochFloor,
                nodes,
                topics,
                proposals);
    }

    ClusterMetadata founded(MetadataCommand.FoundCluster by) {
        return new ClusterMetadata(
                by.clusterId(),
                version,
                by.replicationFactor(),
                by.ackQuorum(),
                lastInitialLeader,
                epochFloor,
                nodes,
                topics,
                proposals);
    }

    ClusterMetadata withNodes(SortedMap<Integer, NodeMetadata> newNodes) {
        return new ClusterMetadata(
                clusterId,
                version,
                replicationFactor,
                ackQuorum,
                lastInitialLeader,
                epochFloor,
                newNodes,
                topics,
                proposals);
    }

    ClusterMetadata withTopic(TopicMetadata topic) {
        TreeMap<String, TopicMetadata> next = new TreeMap<>(topics);
        next.put(topic.name(), topic);
        return withTopics(next, lastInitialLeader, epochFloor);
    }

    ClusterMetadata withTopics(
            SortedMap<String, TopicMetadata> newTopics, int newInitialLeader, long newEpochFloor) {
        return new ClusterMetadata(
                clusterId,
                version,
                replicationFactor,
                ackQuorum,
                newInitialLeader,
                newEpochFloor,
                nodes,
                newTopics,
                proposals);
    }

    private ClusterMetadata withProposals(SortedMap<Integer, ProposalHistory> newProposals) {
        return new ClusterMetadata(
                clusterId,
                version,
                replicationFactor,
                ackQuorum,
                lastInitialLeader,
                epochFloor,
                nodes,
                topics,
                newProposals);
    }
}
