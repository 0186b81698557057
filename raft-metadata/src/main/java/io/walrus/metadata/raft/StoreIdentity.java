package io.walrus.metadata.raft;

import java.util.Objects;

/**
 * Whose data directory this is, and of which cluster.
 *
 * @param clusterId the cluster, for ever
 * @param storeId this directory, for ever
 * @param nodeId the node, for ever
 * @param raftAddress the member address under which the others know it
 * @param stage how far this store has come
 * @param boots how often it was started
 */
record StoreIdentity(
        String clusterId, String storeId, int nodeId, String raftAddress, Stage stage, long boots) {

    /**
     * A store becomes a member once, and never goes back: what a member lost must not look like a
     * new store.
     */
    enum Stage {
        /** Founding a new cluster of one. */
        FOUNDING,
        /** Asking members to take it in. */
        JOINING,
        /** A voter, with a log that must be there at every start. */
        MEMBER
    }

    StoreIdentity {
        Objects.requireNonNull(clusterId, "clusterId");
        Objects.requireNonNull(storeId, "storeId");
        Objects.requireNonNull(raftAddress, "raftAddress");
        Objects.requireNonNull(stage, "stage");
    }

    StoreIdentity at(Stage newStage) {
        return new StoreIdentity(clusterId, storeId, nodeId, raftAddress, newStage, boots);
    }

    StoreIdentity booted() {
        return new StoreIdentity(clusterId, storeId, nodeId, raftAddress, stage, boots + 1);
    }
}
