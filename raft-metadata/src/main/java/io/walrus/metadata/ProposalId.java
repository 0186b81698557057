package io.walrus.metadata;

import java.util.Objects;

/**
 * Names one proposal for ever, so that "did it happen?" can be asked of the state.
 *
 * @param nodeId the proposing node
 * @param storeId that node's store
 * @param sequence grows with every proposal of that store, across restarts too
 */
public record ProposalId(int nodeId, String storeId, long sequence) {
    public ProposalId {
        Objects.requireNonNull(storeId, "storeId");
    }
}
