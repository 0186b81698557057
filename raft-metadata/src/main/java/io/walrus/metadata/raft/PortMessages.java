package io.walrus.metadata.raft;

import io.walrus.metadata.NodeMetadata;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** What members say to each other beside the library's own messages; JSON on the port. */
final class PortMessages {
    private PortMessages() {}

    /**
     * "I am here": renews the sender's lease and tells the leader how far the sender is.
     *
     * @param version the version of the sender's view
     */
    record Heartbeat(int nodeId, String storeId, long boot, long version, long lastLogIndex) {}

    /**
     * The leader's answer.
     *
     * @param granted whether the sender's lease is renewed
     * @param why why not, if it is not
     * @param requiredVersion the lease counts once the sender's view has that version
     * @param standing how the cluster stands, as the leader sees it
     * @param marks the leader's newest state hashes
     */
    record HeartbeatReply(
            boolean granted,
            String why,
            long requiredVersion,
            Standing standing,
            List<StateHashes.Mark> marks) {}

    /** How the cluster stands, as its leader sees it. */
    record Standing(
            int leader,
            List<String> voters,
            List<String> learners,
            List<Integer> live,
            SortedMap<Integer, Long> replicatedIndex) {
        static final Standing UNKNOWN =
                new Standing(0, List.of(), List.of(), List.of(), Collections.emptySortedMap());
    }

    /** "Let me in", or "I am back": repeated until the answer is {@link JoinReply#IN}. */
    record JoinRequest(NodeMetadata node) {}

    /**
     * How far the joining node has come.
     *
     * @param stage {@link #IN}, {@link #WAIT} or {@link #REFUSED}
     * @param detail what happens right now, or why it was refused
     */
    record JoinReply(String stage, String detail) {
        static final String IN = "in";
        static final String WAIT = "wait";
        static final String REFUSED = "refused";
    }

    /** "Am I still one of you?" */
    record BelongingRequest(int nodeId, String storeId) {}

    /**
     * What a leader says to that after a majority has confirmed it.
     *
     * @param belongs whether that node is registered with that store
     * @param detail how it stands, for people
     */
    record BelongingReply(boolean belongs, String detail) {}

    /** Which cluster the answering member is in. */
    record ClusterReply(String clusterId) {}

    /** "Remove that node." */
    record LeaveRequest(int nodeId) {}

    /** "Hand your leadership to that node." The answer is empty, or a failure. */
    record TransferRequest(int nodeId) {}
}
