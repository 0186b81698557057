package io.walrus.metadata;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What the cluster knows about one segment.
 *
 * @param number the segment's number in its topic, from 1
 * @param baseOffset topic offset of its first entry; empty while an earlier segment's count is
 *     unknown
 * @param state open, sealing or sealed
 * @param epoch fencing number; grows along a topic and never goes back
 * @param leaderNode the one node that may write it, for its whole life
 * @param leaderStore the store (data directory) of that node when the segment was opened
 * @param leaderBoot the boot of that store when the segment was opened: a restarted leader never
 *     resumes
 * @param replicas the nodes that hold a copy, the leader included
 * @param count exact number of entries; present if and only if sealed
 */
public record SegmentMetadata(
        int number,
        OptionalLong baseOffset,
        SegmentState state,
        long epoch,
        int leaderNode,
        String leaderStore,
        long leaderBoot,
        List<Integer> replicas,
        OptionalLong count) {

    public SegmentMetadata {
        Objects.requireNonNull(baseOffset, "baseOffset");
        Objects.requireNonNull(leaderStore, "leaderStore");
        replicas = List.copyOf(replicas);
        if (count.isPresent() != (state == SegmentState.SEALED)) {
            throw new IllegalArgumentException(
                    "exactly the sealed segments have a count, found " + state + " with " + count);
        }
    }

    /** Topic offset behind the last entry; empty unless sealed with a known base. */
    public OptionalLong endOffset() {
        return baseOffset.isPresent() && count.isPresent()
                ? OptionalLong.of(baseOffset.getAsLong() + count.getAsLong())
                : OptionalLong.empty();
    }

    /**
     * Whether it may have entries, and the store that wrote them is out of the cluster for good:
     * its node has left, or came back with an empty directory. With one copy per segment they are
     * gone then.
     */
    public boolean isLost(ClusterMetadata view) {
        return !isSealedEmpty()
                && view.node(leaderNode)
                        .filter(node -> node.storeId().equals(leaderStore))
                        .isEmpty();
    }

    /** Whether it is known to have no entry, for ever: nobody needs to be asked for them. */
    public boolean isSealedEmpty() {
        return count.isPresent() && count.getAsLong() == 0;
    }

    /** Whether it may have entries that only this store of this node has. */
    public boolean isOnlyAt(int nodeId, String storeId) {
        return leaderNode == nodeId
                && leaderStore.equals(storeId)
                && !isSealedEmpty()
                && replicas.stream().allMatch(replica -> replica == nodeId);
    }

    SegmentMetadata sealing(long newEpoch) {
        return new SegmentMetadata(
                number,
                baseOffset,
                SegmentState.SEALING,
                newEpoch,
                leaderNode,
                leaderStore,
                leaderBoot,
                replicas,
                OptionalLong.empty());
    }

    SegmentMetadata sealed(long exactCount) {
        return new SegmentMetadata(
                number,
                baseOffset,
                SegmentState.SEALED,
                epoch,
                leaderNode,
                leaderStore,
                leaderBoot,
                replicas,
                OptionalLong.of(exactCount));
    }

    SegmentMetadata startingAt(OptionalLong newBaseOffset) {
        return new SegmentMetadata(
                number,
                newBaseOffset,
                state,
                epoch,
                leaderNode,
                leaderStore,
                leaderBoot,
                replicas,
                count);
    }
}
