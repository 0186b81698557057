package io.walrus.metadata.lease;

import io.walrus.metadata.SegmentMetadata;
import java.util.Objects;

/**
 * Who asks for the right to write: one start of one store of one node.
 *
 * @param nodeId the node, from 1
 * @param storeId its data directory's identity
 * @param boot how often that store was started
 */
public record LeaseHolder(int nodeId, String storeId, long boot) {
    public LeaseHolder {
        Objects.requireNonNull(storeId, "storeId");
    }

    /**
     * Whether the segment was opened for exactly this holder; a restarted or replaced store never
     * resumes.
     */
    public boolean opened(SegmentMetadata segment) {
        return segment.leaderNode() == nodeId
                && segment.leaderStore().equals(storeId)
                && segment.leaderBoot() == boot;
    }
}
