package io.walrus.metadata;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Everything the cluster agrees on, as one immutable value.
 *
 * <p>Any thread may read it. {@link #apply(Proposal)} is a pure function: no IO, no clock, no
 * randomness; the same proposals in the same order lead to an equal value on every node. The next
 * value shares with this one all that is equal, so that a command costs the same with many topics.
 *
 * @param clusterId identity of the cluster; empty until it is founded
 * @param version how many commands were applied, refused ones included
 * @param replicationFactor copies of a segment
 * @param ackQuorum copies that must be durable before an entry is acknowledged
 * @param lastInitialLeader first leader of the newest topic, where the rotation goes on; 0 at first
 * @param epochFloor every new topic starts above this epoch, so that a topic deleted and created
 *     again never sees an old epoch
 * @param nodes the registered nodes by id
 * @param draining ids of registered nodes that want to be given nothing new in this boot of theirs
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
        SortedSet<Integer> draining,
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
                    Collections.emptySortedSet(),
                    Collections.emptySortedMap(),
                    Collections.emptySortedMap());

    public ClusterMetadata {
        Objects.requireNonNull(clusterId, "clusterId");
        nodes = shared(nodes);
        draining = draining instanceof PSortedSet<Integer> same ? same : TreePSet.from(draining);
        topics = shared(topics);
        proposals = shared(proposals);
    }

    /** A map that cannot change, and whose changed copies share all but a path with it. */
    private static <K extends Comparable<? super K>, V> PSortedMap<K, V> shared(
            SortedMap<K, V> map) {
        return map instanceof PSortedMap<K, V> same ? same : TreePMap.from(map);
    }

    /** The same map with one value more, or another one. */
    static <K extends Comparable<? super K>, V> SortedMap<K, V> with(
            SortedMap<K, V> map, K key, V value) {
        return shared(map).plus(key, value);
    }

    /** The same map without that key. */
    static <K extends Comparable<? super K>, V> SortedMap<K, V> without(
            SortedMap<K, V> map, K key) {
        return shared(map).minus(key);
    }

    /** The same set with one id more. */
    SortedSet<Integer> drainingWith(int id) {
        return TreePSet.from(draining).plus(id);
    }

    /** The same set without that id. */
    SortedSet<Integer> drainingWithout(int id) {
        return TreePSet.from(draining).minus(id);
    }

    /** The segments that may have entries which only this store of this node has. */
    public List<SegmentId> onlyAt(int nodeId, String storeId) {
        return topics.values().stream()
                .flatMap(
                        topic ->
                                topic.segments().stream()
                                        .filter(segment -> segment.isOnlyAt(nodeId, storeId))
                                        .map(
                                                segment ->
                                                        new SegmentId(
                                                                topic.name(), segment.number())))
                .toList();
    }

    /** The refusal that a command would get if it were applied now; empty if it would be done. */
    public Optional<Outcome> refusalOf(MetadataCommand command) {
        return Optional.of(Commands.apply(this, command).outcome())
                .filter(outcome -> !outcome.isApplied());
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
        ProposalHistory next = (history == null ? empty : history).with(id, done.outcome());
        return new Transition(
                done.next().withProposals(with(proposals, id.nodeId(), next)), done.outcome());
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

    /** Whether the node wants to be given nothing new. */
    public boolean isDraining(int id) {
        return draining.contains(id);
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
                draining,
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
                draining,
                topics,
                proposals);
    }

    ClusterMetadata withNodes(
            SortedMap<Integer, NodeMetadata> newNodes, SortedSet<Integer> newDraining) {
        return new ClusterMetadata(
                clusterId,
                version,
                replicationFactor,
                ackQuorum,
                lastInitialLeader,
                epochFloor,
                newNodes,
                newDraining,
                topics,
                proposals);
    }

    ClusterMetadata withTopic(TopicMetadata topic) {
        return withTopics(with(topics, topic.name(), topic), lastInitialLeader, epochFloor);
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
                draining,
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
                draining,
                topics,
                newProposals);
    }
}
