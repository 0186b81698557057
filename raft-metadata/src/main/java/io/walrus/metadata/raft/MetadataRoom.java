package io.walrus.metadata.raft;

import io.vertx.core.Vertx;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.codec.MetadataCodec;
import io.walrus.metadata.lease.LeaseHolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The life of one member: directory and identity, then the port, then the library, and all of it
 * back at the end.
 *
 * <p>Starting and stopping run on threads of their own, because both block.
 */
final class MetadataRoom implements MemberPolicy {
    private static final System.Logger LOG = System.getLogger(MetadataRoom.class.getName());
    private static final long FIND_CLUSTER_MILLIS = 100;

    /** How long a search is silent: members that start together find each other sooner. */
    private static final long SEARCH_TOLD_EVERY_MILLIS = 5_000;

    /**
     * For the connection and both hellos. Nobody waits for it, so it is long enough for a busy
     * machine and a slow way; with less, members under load would hang up on each other for ever.
     */
    private static final int CONNECT_MILLIS_MAX = 2_000;

    final RaftMetadataOptions options;
    final PublishedView published;
    final CompletableFuture<Void> ready = new CompletableFuture<>();
    final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final Duty duty;
    private final StoreDirectory directory;
    private final MemberPort port;
    private final MetadataCodec codec = new MetadataCodec();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile StoreIdentity identity;
    private volatile Core core;
    private int boundPort;
    private int seed;
    private boolean found;
    private String notFound = "no answer yet";
    private final Object lifecycle = new Object();
    private volatile boolean starting;
    private volatile boolean closing;

    private MetadataRoom(Vertx vertx, RaftMetadataOptions options, StoreDirectory directory) {
        this.options = options;
        this.directory = directory;
        this.duty = new Duty(options.nodeId());
        this.published = new PublishedView(duty, duty.callbacks());
        this.port =
                new MemberPort(
                        vertx,
                        this,
                        options.sharedSecret(),
                        duty.timer(),
                        duty.work(),
                        CONNECT_MILLIS_MAX);
    }

    /** Blocking; throws {@link MetadataStartException} and leaves nothing behind. */
    static MetadataRoom start(Vertx vertx, RaftMetadataOptions options) {
        StartChecks.checkOptions(options);
        StoreDirectory directory = StoreDirectory.open(options.dataDir());
        Optional<StoreIdentity> known;
        try {
            known = StartChecks.checkedIdentity(directory, options);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
        MetadataRoom room = new MetadataRoom(vertx, options, directory);
        try {
            room.bind(known);
            room.begin(known);
            return room;
        } catch (RuntimeException e) {
            room.close().exceptionally(failed -> null);
            room.awaitClosed();
            throw e;
        }
    }

    /** Null until this node knows its cluster. */
    Core core() {
        return core;
    }

    Duty duty() {
        return duty;
    }

    int boundPort() {
        return boundPort;
    }

    boolean isClosing() {
        return closing;
    }

    LeaseHolder holder() {
        StoreIdentity known = identity;
        return new LeaseHolder(known.nodeId(), known.storeId(), known.boots());
    }

    @Override
    public Hello.Self self() {
        StoreIdentity known = identity;
        return new Hello.Self(known.clusterId(), known.nodeId(), known.storeId());
    }

    @Override
    public Standing standing(Hello hello) {
        String own = identity.clusterId();
        if (own.isEmpty()) {
            return Standing.STRANGER;
        }
        if (hello.clusterId().isEmpty()) {
            return Standing.GUEST;
        }
        if (!hello.clusterId().equals(own)) {
            return Standing.STRANGER;
        }
        Optional<NodeMetadata> node = published.view().node(hello.nodeId());
        boolean isReplaced = node.isPresent() && !node.get().storeId().equals(hello.storeId());
        return isReplaced ? Standing.GUEST : Standing.MEMBER;
    }

    /** Stops everything; completes when threads, port and lock are gone. */
    CompletableFuture<Void> close() {
        synchronized (this) {
            if (closing) {
                return closed;
            }
            closing = true;
        }
        Thread closer = new Thread(this::closeNow, "metadata-" + options.nodeId() + "-close");
        closer.setDaemon(true);
        closer.start();
        return closed;
    }

    private void bind(Optional<StoreIdentity> known) {
        int wanted = options.raftPort();
        boolean isOwnPort = options.advertisePort() == 0;
        if (wanted == 0 && isOwnPort && known.isPresent()) {
            String address = known.get().raftAddress();
            wanted = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        }
        identity =
                known.orElseGet(
                        () ->
                                new StoreIdentity(
                                        "",
                                        UUID.randomUUID().toString(),
                                        options.nodeId(),
                                        "",
                                        StoreIdentity.Stage.JOINING,
                                        0));
        boundPort = bindNow(wanted == 0 ? freePort() : wanted);
        String address = advertised();
        if (known.isPresent() && !known.get().raftAddress().equals(address)) {
            throw new MetadataStartException(
                    "this store is a member as "
                            + known.get().raftAddress()
                            + ", not as "
                            + address
                            + "; start it with its old address, or join with an empty directory");
        }
    }

    private String advertised() {
        int port = options.advertisePort() == 0 ? boundPort : options.advertisePort();
        return options.advertiseHost() + ":" + port;
    }

    /** What cannot be found here is told by the attempt to listen. */
    private int freePort() {
        try {
            return KeptPort.free(options.raftHost());
        } catch (IOException none) {
            return 0;
        }
    }

    private int bindNow(int wanted) {
        try {
            return port.listen(options.raftHost(), wanted)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new MetadataStartException(
                    "cannot listen on "
                            + options.raftHost()
                            + ":"
                            + wanted
                            + ": "
                            + cause.getMessage(),
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MetadataStartException("interrupted while binding the metadata port", e);
        }
    }

    private void begin(Optional<StoreIdentity> known) {
        port.handle(PortNames.CLUSTER, this::clusterAsked);
        if (known.isPresent()) {
            startCore(known.get());
        } else if (options.join().isEmpty()) {
            startCore(newIdentity(UUID.randomUUID().toString(), StoreIdentity.Stage.FOUNDING));
        } else {
            duty.execute(this::findCluster);
            duty.later(SEARCH_TOLD_EVERY_MILLIS, this::tellSearch);
        }
    }

    private StoreIdentity newIdentity(String clusterId, StoreIdentity.Stage stage) {
        String address = advertised();
        return new StoreIdentity(
                clusterId, identity.storeId(), options.nodeId(), address, stage, 0);
    }

    /**
     * Blocking, under the lock that keeps starting and stopping the library apart. From here on the
     * directory belongs to that cluster.
     */
    private void startCore(StoreIdentity before) {
        synchronized (lifecycle) {
            if (closing) {
                return;
            }
            StoreIdentity booted = before.booted();
            directory.save(booted);
            identity = booted;
            Core started =
                    new Core(
                            booted,
                            directory,
                            options,
                            duty,
                            port,
                            published,
                            () -> duty.execute(this::roleChanged),
                            this::fail);
            core = started;
            starting = true;
            try {
                started.start();
            } catch (MetadataStartException e) {
                throw failure.isCompletedExceptionally() ? causeOf(e) : e;
            } finally {
                starting = false;
            }
            keepIn(started, booted);
        }
    }

    /** What the storage said is more than what the library made of it. */
    private MetadataStartException causeOf(MetadataStartException start) {
        try {
            failure.join();
            return start;
        } catch (CompletionException e) {
            return new MetadataStartException(
                    start.getMessage() + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    private void keepIn(Core started, StoreIdentity booted) {
        NodeMetadata node =
                new NodeMetadata(
                        booted.nodeId(),
                        booted.raftAddress(),
                        options.clientHost(),
                        options.clientPort(),
                        booted.storeId(),
                        booted.boots());
        JoinLoop join = new JoinLoop(started, node, this::mayAskToBeLetIn, published, duty, ready);
        ready.thenRunAsync(this::becameMember, duty).exceptionally(this::notReady);
        duty.execute(join::step);
        duty.every(options.heartbeatMillis(), started::tick);
        duty.every(
                options.heartbeatMillis(),
                () -> started.belonging.tick(this::mayHaveBeenRemoved, this::fail));
    }

    /** While it asks to be let in, the answer to that is the answer. */
    private boolean mayHaveBeenRemoved() {
        return ready.isDone() || !mayAskToBeLetIn();
    }

    /**
     * Who was a member once is let in again only if somebody to join is named: else who was removed
     * would come back by being started.
     */
    private boolean mayAskToBeLetIn() {
        return identity.stage() != StoreIdentity.Stage.MEMBER
                || !options.join().isEmpty()
                || core.belonging.isConfirmed();
    }

    private void roleChanged() {
        Core running = core;
        if (running != null && running.member.isLeader()) {
            running.tick();
        }
    }

    private void becameMember() {
        if (identity.stage() != StoreIdentity.Stage.MEMBER) {
            StoreIdentity member = identity.at(StoreIdentity.Stage.MEMBER);
            directory.save(member);
            identity = member;
        }
    }

    private Void notReady(Throwable why) {
        LOG.log(System.Logger.Level.DEBUG, "stopped before it was in: {0}", why);
        return null;
    }

    /** Asks one of the members to join which cluster it is in, until one answers. */
    private void findCluster() {
        if (closing) {
            return;
        }
        List<String> seeds = options.join();
        String address = seeds.get(seed++ % seeds.size());
        port.call(address, PortNames.CLUSTER, codec.encode("cluster", "?"), 1_000)
                .whenCompleteAsync((reply, why) -> clusterFound(address, reply, why), duty);
    }

    /** A wrong address must not look like a slow start. */
    private void tellSearch() {
        if (found || closing) {
            return;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "node {0} found no member at {1} yet and goes on ({2}); a member is asked at its"
                        + " raft port",
                options.nodeId(),
                String.join(", ", options.join()),
                notFound);
        duty.later(SEARCH_TOLD_EVERY_MILLIS, this::tellSearch);
    }

    private void clusterFound(String address, PortFrame reply, Throwable why) {
        if (why != null) {
            notFound = why.getMessage();
            duty.later(FIND_CLUSTER_MILLIS, this::findCluster);
            return;
        }
        found = true;
        String clusterId =
                codec.decode("cluster", PortMessages.ClusterReply.class, reply.body()).clusterId();
        // What was said on this connection was said without a cluster.
        port.reset(address, "this node knows its cluster now");
        Thread starter =
                new Thread(
                        () -> startJoining(clusterId), "metadata-" + options.nodeId() + "-start");
        starter.setDaemon(true);
        starter.start();
    }

    private void startJoining(String clusterId) {
        try {
            startCore(newIdentity(clusterId, StoreIdentity.Stage.JOINING));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void clusterAsked(PortCall call) {
        ClusterMetadata view = published.view();
        if (view.clusterId().isEmpty()) {
            call.fail("the cluster is not founded yet");
        } else {
            call.reply(
                    PortNames.CLUSTER,
                    codec.encode("cluster", new PortMessages.ClusterReply(view.clusterId())));
        }
    }

    /**
     * Stops this room loudly: no lease, no answers, no votes, from here on. Any thread, the
     * library's too.
     */
    private void fail(Throwable cause) {
        if (closing || !failure.completeExceptionally(cause) || starting) {
            return;
        }
        tellEnd(cause);
        Core running = core;
        if (running != null) {
            duty.execute(running.lease::stop);
        }
        close();
    }

    private void tellEnd(Throwable cause) {
        if (cause instanceof NodeRemovedException removed) {
            LOG.log(System.Logger.Level.WARNING, removed.getMessage());
            return;
        }
        LOG.log(
                System.Logger.Level.ERROR,
                "the metadata room of node " + options.nodeId() + " stops itself",
                cause);
    }

    private void closeNow() {
        try {
            synchronized (lifecycle) {
                stopCore();
            }
            endReady();
            closePort();
            duty.close();
            directory.close();
            closed.complete(null);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "stopping the metadata room failed", e);
            directory.close();
            closed.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.completeExceptionally(e);
        }
    }

    /** Whoever waits for this member to be in hears why it never will be. */
    private void endReady() {
        failure.exceptionally(
                cause -> {
                    ready.completeExceptionally(cause);
                    return null;
                });
        ready.completeExceptionally(
                new IllegalStateException("this member was stopped before it was in"));
    }

    private void stopCore() throws InterruptedException, ExecutionException, TimeoutException {
        Core running = core;
        if (running == null) {
            return;
        }
        CompletableFuture<Void> told = new CompletableFuture<>();
        boolean isOffered =
                duty.offer(
                        () -> {
                            running.lease.stop();
                            running.stopWaiting();
                            told.complete(null);
                        });
        if (isOffered) {
            told.get(10, TimeUnit.SECONDS);
        }
        running.member.stop();
    }

    /** The port may be gone already, with its Vert.x. */
    private void closePort() throws InterruptedException {
        try {
            port.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "closing the metadata port: {0}", e.toString());
        }
    }

    private void awaitClosed() {
        try {
            closed.join();
        } catch (CompletionException e) {
            LOG.log(System.Logger.Level.WARNING, "after a failed start: {0}", e.toString());
        }
    }
}
