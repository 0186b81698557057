package io.walrus.metadata.raft;

/**
 * This node was a member of its cluster and is none any more: it left, was removed, or another
 * directory took its number. A leader that a majority confirmed said so.
 *
 * <p>What is in the data directory is as it was. Started with somebody to join, the node asks to be
 * let in again, with what it holds; with an empty directory it joins as a new one.
 */
public final class NodeRemovedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeRemovedException(int nodeId, String detail, String saidBy) {
        super(
                "node "
                        + nodeId
                        + " is not in its cluster any more: it was removed ("
                        + detail
                        + ", as the member at "
                        + saidBy
                        + " says)");
    }
}
