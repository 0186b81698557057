package io.walrus.metadata;

import java.util.Objects;

/**
 * One registered node.
 *
 * @param id from 1
 * @param raftAddress {@code host:port} other nodes reach its metadata port at
 * @param clientHost host its clients connect to
 * @param clientPort port its clients connect to
 * @param storeId identity of its data directory; a node that lost its directory comes back with
 *     another one
 * @param boot how often that store was started; grows with every start
 */
public record NodeMetadata(
        int id, String raftAddress, String clientHost, int clientPort, String storeId, long boot) {

    public NodeMetadata {
        Objects.requireNonNull(raftAddress, "raftAddress");
        Objects.requireNonNull(clientHost, "clientHost");
        Objects.requireNonNull(storeId, "storeId");
        if (id < 1) {
            throw new IllegalArgumentException("node ids start at 1, found " + id);
        }
    }
}
