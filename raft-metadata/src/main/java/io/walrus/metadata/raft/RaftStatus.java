package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.NodeMetadata;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the metadata cluster stands, as this node knows it; on a follower the leader's part is as old
 * as its last heartbeat.
 *
 * @param nodeId this node
 * @param role {@code Leader}, {@code Follower}, {@code Learner} or {@code Candidate}
 * @param term current Raft term
 * @param leader node id of the leader; 0 if none is known
 * @param lastLogIndex newest log entry of this node
 * @param lastAppliedIndex newest entry in this node's state
 * @param voters node ids of the voting members
 * @param learners node ids of the members that only listen
 * @param replicatedIndex node id → newest log entry that the member has, as the leader sees it; the
 *     leader included
 */
public record RaftStatus(
        int nodeId,
        String role,
        long term,
        int leader,
        long lastLogIndex,
        long lastAppliedIndex,
        SortedSet<Integer> voters,
        SortedSet<Integer> learners,
        SortedMap<Integer, Long> replicatedIndex) {

    static RaftStatus outside(int nodeId) {
        return new RaftStatus(
                nodeId, "Learner", 0, 0, 0, 0, new TreeSet<>(), new TreeSet<>(), new TreeMap<>());
    }

    static RaftStatus of(Core core, ClusterMetadata view) {
        PortMessages.Standing standing = core.lease.standing();
        boolean isTold = !standing.voters().isEmpty();
        List<String> voters = isTold ? standing.voters() : core.member.voters();
        List<String> learners = isTold ? standing.learners() : core.member.learners();
        return new RaftStatus(
                core.identity.nodeId(),
                role(core, voters),
                core.member.term(),
                core.member.leaderAddress().map(address -> nodeAt(view, address)).orElse(0),
                core.member.lastLogIndex(),
                core.appliedIndex(),
                nodesAt(view, voters),
                nodesAt(view, learners),
                new TreeMap<>(standing.replicatedIndex()));
    }

    private static String role(Core core, List<String> voters) {
        return switch (core.member.state()) {
            case STATE_LEADER, STATE_TRANSFERRING -> "Leader";
            case STATE_CANDIDATE -> "Candidate";
            default -> voters.contains(core.member.address()) ? "Follower" : "Learner";
        };
    }

    private static SortedSet<Integer> nodesAt(ClusterMetadata view, List<String> addresses) {
        SortedSet<Integer> ids = new TreeSet<>();
        for (String address : addresses) {
            int id = nodeAt(view, address);
            if (id != 0) {
                ids.add(id);
            }
        }
        return ids;
    }

    private static int nodeAt(ClusterMetadata view, String address) {
        return view.nodes().values().stream()
                .filter(node -> node.raftAddress().equals(address))
                .mapToInt(NodeMetadata::id)
                .findFirst()
                .orElse(0);
    }
}
