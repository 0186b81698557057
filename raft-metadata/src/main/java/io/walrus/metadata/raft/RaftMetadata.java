package io.walrus.metadata.raft;

import io.vertx.core.Vertx;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.lease.LeaseHolder;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One member of the metadata cluster: the replicated state, this node's lease, and the membership.
 *
 * <p>Any thread may call any method; nothing blocks. Stages complete on threads of this room: do
 * not block there.
 */
public final class RaftMetadata implements MetadataService {

    private RaftMetadata() {}

    /**
     * Checks the directory's identity, binds the metadata port and starts the member.
     *
     * <p>Completes when the port is bound and the state on disk is loaded; {@link #ready()} says
     * when the node is in the cluster. Fails with {@link MetadataStartException} when the directory
     * belongs to another node or cluster, when another process holds it, or when there is nothing
     * to join and bootstrap is not allowed.
     */
    public static CompletionStage<RaftMetadata> start(Vertx vertx, RaftMetadataOptions options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Completes when this node is a voting member, registered with its current addresses and boot,
     * and has seen a leader. Joining is retried until then; it fails only when the room stops
     * before.
     */
    public CompletionStage<Void> ready() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ClusterMetadata view() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome> propose(MetadataCommand command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subscription onChange(Consumer<ClusterMetadata> listener) {
        throw new UnsupportedOperationException();
    }

    /** Who this is towards leases: node, store and boot. */
    public LeaseHolder holder() {
        throw new UnsupportedOperationException();
    }

    /**
     * From this moment of the options' monotonic clock on, this node must not acknowledge a write,
     * unless a later call says a later moment. Read it before {@link #view()} and hand both to
     * {@code LeaseGate}. One volatile read.
     */
    public long leaseDeadlineNanos() {
        throw new UnsupportedOperationException();
    }

    /** The nodes that the metadata leader counts as alive, as of the last heartbeat. */
    public SortedSet<Integer> liveNodes() {
        throw new UnsupportedOperationException();
    }

    /** How the cluster stands, as this node knows it. No IO. */
    public RaftStatus status() {
        throw new UnsupportedOperationException();
    }

    /** The port the metadata server is bound to. */
    public int actualPort() {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes a node from the cluster: from the state, then from the voters. Refused while it leads
     * a segment that is not sealed. Works on every node.
     */
    public CompletionStage<Outcome> leave(int nodeId) {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the metadata leader to hand its role to that node; fails if it is no voter or cannot
     * take over.
     */
    public CompletionStage<Void> transferLeadership(int nodeId) {
        throw new UnsupportedOperationException();
    }

    /** Takes a snapshot of this node's state and cuts its log; completes when it is on disk. */
    public CompletionStage<Void> snapshot() {
        throw new UnsupportedOperationException();
    }

    /**
     * Fails with the cause when this room stops by itself: damaged disk, diverged state. Never
     * completes normally before close.
     */
    public CompletionStage<Void> failure() {
        return new CompletableFuture<>();
    }

    /**
     * Stops the member; completes when its threads, port and locks are gone. May be called twice.
     * The directory can be started again.
     */
    public CompletionStage<Void> close() {
        throw new UnsupportedOperationException();
    }
}
