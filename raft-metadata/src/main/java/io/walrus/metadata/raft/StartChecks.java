package io.walrus.metadata.raft;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * What must be right before a member may start: the settings, and whose directory it is. Changes
 * nothing.
 */
final class StartChecks {
    private StartChecks() {}

    static void checkOptions(RaftMetadataOptions options) {
        if (options.nodeId() < 1) {
            throw new MetadataStartException(
                    "expected a node id from 1, found " + options.nodeId());
        }
        if (options.heartbeatMillis() * 3L > options.leaseMillis() - options.leaseMarginMillis()) {
            throw new MetadataStartException(
                    "a lease must last at least three heartbeats, found "
                            + options.leaseMillis()
                            + " ms and "
                            + options.heartbeatMillis()
                            + " ms");
        }
        InetAddress bound;
        try {
            bound = InetAddress.getByName(options.raftHost());
        } catch (UnknownHostException e) {
            throw new MetadataStartException("unknown host to bind: " + options.raftHost(), e);
        }
        boolean isOpen = !bound.isLoopbackAddress();
        if (isOpen && options.sharedSecret().isEmpty() && !options.allowInsecure()) {
            throw new MetadataStartException(
                    "the metadata port on "
                            + options.raftHost()
                            + " would take orders from anybody: set a shared secret (WALRUS_CLUSTER_SECRET), bind a loopback address, or allow"
                            + " it explicitly");
        }
        if (bound.isAnyLocalAddress() && options.advertiseHost().equals(options.raftHost())) {
            throw new MetadataStartException(
                    "a member bound to "
                            + options.raftHost()
                            + " must say under which address the others reach it: set the advertised host");
        }
    }

    /**
     * The identity on disk, if this member may go on with it; empty for a directory that may become
     * its own.
     */
    static Optional<StoreIdentity> checkedIdentity(
            StoreDirectory directory, RaftMetadataOptions options) {
        Optional<StoreIdentity> known = directory.identity();
        if (known.isEmpty()) {
            if (!directory.isEmpty()) {
                throw new MetadataStartException(
                        directory.path()
                                + " has files but no identity: it is not, or no longer, a member's directory. Use an"
                                + " empty one");
            }
            if (options.join().isEmpty() && !options.bootstrap()) {
                throw new MetadataStartException(
                        directory.path()
                                + " is empty, there is nobody to join, and founding a new cluster was not asked for");
            }
            return known;
        }
        StoreIdentity identity = known.get();
        if (identity.nodeId() != options.nodeId()) {
            throw new MetadataStartException(
                    directory.path()
                            + " belongs to node "
                            + identity.nodeId()
                            + ", not to node "
                            + options.nodeId()
                            + "; use that id or another directory");
        }
        boolean isMember = identity.stage() == StoreIdentity.Stage.MEMBER;
        if (isMember && !directory.hasMemberFiles()) {
            throw new MetadataStartException(
                    directory.path()
                            + " was a member of cluster "
                            + identity.clusterId()
                            + " and its log or vote is gone. Put it back, or empty the directory and join as a new"
                            + " store");
        }
        return known;
    }
}
