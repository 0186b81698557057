package io.walrus.metadata.raft;

import java.util.SortedMap;
import java.util.SortedSet;

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
        SortedMap<Integer, Long> replicatedIndex) {}
