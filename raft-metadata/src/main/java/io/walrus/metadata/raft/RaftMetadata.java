package io.walrus.metadata.raft;

import io.vertx.core.Vertx;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.ViewChange;
import io.walrus.metadata.lease.LeaseHolder;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One member of the metadata cluster: the replicated state, this node's lease, and the membership.
 *
 * <p>Any thread may call any method; nothing blocks. Stages complete on threads of this room: do
 * not block there.
 */
public final class RaftMetadata implements MetadataService {

    private final MetadataRoom room;

    private RaftMetadata(MetadataRoom room) {
        this.room = room;
    }

    /**
     * Checks the directory's identity, binds the metadata port and starts the member.
     *
     * <p>Completes when the port is bound and the state on disk is loaded; {@link #ready()} says
     * when the node is in the cluster. Fails with {@link MetadataStartException} when the directory
     * belongs to another node or cluster, when another process holds it, or when there is nothing
     * to join and bootstrap is not allowed.
     */
    public static CompletionStage<RaftMetadata> start(Vertx vertx, RaftMetadataOptions options) {
        RaftMetadataOptions settings = new RaftMetadataOptions(options);
        CompletableFuture<RaftMetadata> started = new CompletableFuture<>();
        Thread starter =
                new Thread(
                        () -> {
                            try {
                                started.complete(
                                        new RaftMetadata(MetadataRoom.start(vertx, settings)));
                            } catch (RuntimeException | Error e) {
                                started.completeExceptionally(e);
                            }
                        },
                        "metadata-" + settings.nodeId() + "-start");
        starter.setDaemon(true);
        starter.start();
        return started;
    }

    /**
     * Completes when this node is a voting member, registered with its current addresses and boot,
     * and has seen a leader. Joining is retried until then; it fails only when the room stops
     * before, with {@link NodeRemovedException} when the node was removed from its cluster and has
     * nobody to join.
     */
    public CompletionStage<Void> ready() {
        return room.ready.minimalCompletionStage();
    }

    @Override
    public ClusterMetadata view() {
        return room.published.view();
    }

    @Override
    public CompletionStage<Outcome> propose(MetadataCommand command) {
        Core core = room.core();
        if (core == null || room.isClosing()) {
            RefusalCode code = room.isClosing() ? RefusalCode.CLOSED : RefusalCode.NOT_A_MEMBER;
            return CompletableFuture.completedStage(
                    new Outcome.Refused(
                            code, "a member of a cluster", "node " + room.options.nodeId()));
        }
        return onCallbackThread(core.proposer.propose(command));
    }

    @Override
    public CompletionStage<Boolean> catchUp() {
        Core core = room.core();
        return core == null || room.isClosing()
                ? CompletableFuture.completedStage(false)
                : onCallbackThread(core.catchUp());
    }

    @Override
    public Subscription onChange(Consumer<ViewChange> listener) {
        return room.published.onChange(listener);
    }

    /**
     * Who this is towards leases: node, store and boot. The boot is 0 until the node knows its
     * cluster.
     */
    public LeaseHolder holder() {
        return room.holder();
    }

    /**
     * From this moment of the options' monotonic clock on, this node must not acknowledge a write,
     * unless a later call says a later moment. Read it before {@link #view()} and hand both to
     * {@code LeaseGate}. One volatile read.
     */
    public long leaseDeadlineNanos() {
        Core core = room.core();
        return core == null ? room.options.nanoClock().getAsLong() : core.lease.deadlineNanos();
    }

    /**
     * The nodes that may be given new segments: the metadata leader counted them as alive at the
     * last heartbeat, and none of them drains as far as this node's view shows.
     */
    public SortedSet<Integer> liveNodes() {
        Core core = room.core();
        SortedSet<Integer> live = new TreeSet<>();
        if (core != null) {
            live.addAll(core.lease.standing().live());
            live.removeAll(view().draining());
        }
        return live;
    }

    /**
     * Has this node given nothing new until {@link #undrain()} or its next start. Asks the cluster
     * until it has agreed, and completes then: from there on {@link #view()} shows all that this
     * node was and will be given. Fails when {@link #undrain()} comes first; does not complete when
     * the room closes before.
     */
    public CompletionStage<Void> drain() {
        return whileOpen(Core::drain);
    }

    /** This node may be given new segments again; completes and fails as {@link #drain()} does. */
    public CompletionStage<Void> undrain() {
        return whileOpen(Core::undrain);
    }

    private CompletionStage<Void> whileOpen(Function<Core, CompletableFuture<Void>> what) {
        Core core = room.core();
        return core == null || room.isClosing()
                ? CompletableFuture.failedStage(new IllegalStateException("not in a cluster"))
                : onCallbackThread(what.apply(core));
    }

    /** How the cluster stands, as this node knows it. No IO. */
    public RaftStatus status() {
        Core core = room.core();
        return core == null
                ? RaftStatus.outside(room.options.nodeId())
                : RaftStatus.of(core, room.published.view());
    }

    /**
     * A port at that address that nobody listens on in this moment, out of the range that systems
     * give to outgoing connections: for members that must come back under their address.
     *
     * <p>Any thread; opens and closes a socket.
     *
     * @throws IOException if the address is not one of this machine, or nothing is free
     */
    public static int freePort(String host) throws IOException {
        return KeptPort.free(host);
    }

    /** The port the metadata server is bound to. */
    public int actualPort() {
        return room.boundPort();
    }

    /**
     * Removes a node from the cluster, and gives up what only it holds: from the voters and from
     * the state. Refused while it leads a segment that is not sealed, and for the last voter. Works
     * on every node. Stop the node afterwards: started again with somebody to join, it joins; with
     * nobody, it fails with {@link NodeRemovedException}.
     */
    public CompletionStage<Outcome> leave(int nodeId) {
        return asMember(core -> core.requests.leave(nodeId));
    }

    /**
     * Removes a node as {@link #leave} does, unless it holds entries that no other node has: that
     * is refused as {@link RefusalCode#ONLY_COPY}, and the node stays a member. The cluster decides
     * it together with the removal, so that nothing can be written in between.
     */
    public CompletionStage<Outcome> retire(int nodeId) {
        return asMember(core -> core.requests.retire(nodeId));
    }

    /**
     * Removes a node that is gone for good, and gives up what only its store knows: segments that
     * it was leading stay without a count. Refused as {@link RefusalCode#NODE_ALIVE} while it may
     * hold a lease, and while its segments are still being given to others. Works on every other
     * node.
     */
    public CompletionStage<Outcome> expel(int nodeId) {
        return asMember(core -> core.requests.expel(nodeId));
    }

    /**
     * Removes a node as {@link #expel} does, unless it holds entries that no other node has: that
     * is refused as {@link RefusalCode#ONLY_COPY}. A node that may be alive is refused as such,
     * whatever it holds.
     */
    public CompletionStage<Outcome> expelUnneeded(int nodeId) {
        return asMember(core -> core.requests.expelUnneeded(nodeId));
    }

    private CompletionStage<Outcome> asMember(Function<Core, CompletableFuture<Outcome>> ask) {
        Core core = room.core();
        return core == null || room.isClosing()
                ? CompletableFuture.completedStage(
                        new Outcome.Refused(
                                RefusalCode.NOT_A_MEMBER,
                                "a member of a cluster",
                                "node " + room.options.nodeId()))
                : onCallbackThread(ask.apply(core));
    }

    /**
     * Asks the metadata leader to hand its role to that node; fails if it is no voter or cannot
     * take over.
     */
    public CompletionStage<Void> transferLeadership(int nodeId) {
        return whileOpen(core -> core.requests.transfer(nodeId));
    }

    /** Takes a snapshot of this node's state and cuts its log; completes when it is on disk. */
    public CompletionStage<Void> snapshot() {
        return whileOpen(Core::snapshot);
    }

    /**
     * Fails with the cause when this room stops by itself: damaged disk, diverged state, or {@link
     * NodeRemovedException}. Never completes otherwise.
     */
    public CompletionStage<Void> failure() {
        return room.failure.minimalCompletionStage();
    }

    /**
     * Stops the member; completes when its threads, port and locks are gone. May be called twice.
     * The directory can be started again.
     */
    public CompletionStage<Void> close() {
        return room.close().minimalCompletionStage();
    }

    private <T> CompletionStage<T> onCallbackThread(CompletableFuture<T> future) {
        CompletableFuture<T> told = new CompletableFuture<>();
        future.whenComplete((value, failure) -> tell(told, value, failure));
        return told.minimalCompletionStage();
    }

    private <T> void tell(CompletableFuture<T> told, T value, Throwable failure) {
        Runnable telling =
                failure == null
                        ? () -> told.complete(value)
                        : () -> told.completeExceptionally(failure);
        try {
            room.duty().callbacks().execute(telling);
        } catch (RejectedExecutionException e) {
            telling.run();
        }
    }
}
