package io.walrus.metadata;

/** Why a command was refused; every one of these means that nothing happened. */
public enum RefusalCode {
    /** The cluster was founded before, with another id. */
    CLUSTER_EXISTS(false),
    /** The cluster is not founded yet. */
    NO_CLUSTER(true),
    /** The named node is not registered. */
    UNKNOWN_NODE(false),
    /** The node is registered with another store than the command expects. */
    STORE_MISMATCH(false),
    /** The node still leads segments that are not sealed. */
    NODE_IN_USE(true),
    /** The node that would lead is draining: another one has to be chosen. */
    NODE_DRAINING(true),
    /** The node holds entries that no other node has. */
    ONLY_COPY(false),
    /** The node id is held by another store that is alive. */
    NODE_ALIVE(true),
    /** A topic name outside 1–128 of {@code [A-Za-z0-9._-]}, or {@code .} or {@code ..}. */
    INVALID_NAME(false),
    UNKNOWN_TOPIC(false),
    UNKNOWN_SEGMENT(false),
    /** The segment has another epoch than the command expects. */
    STALE_EPOCH(false),
    /** The segment is not in the state the command needs. */
    WRONG_STATE(false),
    /** The segment is sealed at another count. */
    WRONG_COUNT(false),
    /** The shared cursor stands further on already. */
    CURSOR_BEHIND(false),
    /** The named cursor does not stand where the command expects it. */
    CURSOR_MOVED(false),
    /** The topic has as many named cursors as it may. */
    TOO_MANY_CURSORS(false),
    /** The cursor would stand at a place that does not exist. */
    CURSOR_BEYOND(false),
    /** The replicas do not contain the leader, or one twice. */
    INVALID_REPLICAS(false),
    /** Another node holds its lease on the segment: it cannot be taken away yet. */
    LEASE_HELD(true),
    /** No leader could be reached in time; the command was never handed over. */
    NO_LEADER(true),
    /** This node, or the node asked, is not a member of the cluster. */
    NOT_A_MEMBER(false),
    /** This node's metadata room is closed or has stopped. */
    CLOSED(false),
    /** The proposal is older than anything the state remembers of its proposer. */
    TOO_LATE(false),
    /** The command's bytes exceed the limit, or too many proposals wait. */
    TOO_MUCH(true);

    private final boolean retryable;

    RefusalCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same command, sent again later, may be accepted. */
    public boolean retryable() {
        return retryable;
    }
}
