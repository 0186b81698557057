package io.walrus.node;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.shareddata.Counter;
import io.walrus.client.WalrusClient;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.lease.LeaseGate;
import io.walrus.metadata.lease.LeaseVerdict;
import io.walrus.metadata.raft.RaftMetadata;
import io.walrus.metadata.raft.RaftMetadataOptions;
import io.walrus.metadata.raft.RaftStatus;
import io.walrus.node.access.AccessRules;
import io.walrus.node.observe.DoorCounts;
import io.walrus.node.observe.NodeReports;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.peer.PeerOptions;
import io.walrus.node.protocol.LocalVerticle;
import io.walrus.node.protocol.ProtocolVerticle;
import io.walrus.node.routing.Router;
import io.walrus.node.routing.RoutingOptions;
import io.walrus.node.routing.RoutingVerticle;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StorageOptions;
import io.walrus.node.storage.StorageVerticle;
import io.walrus.protocol.Verb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Wires the rooms of one node, in the order in which they need each other: storage (which locks the
 * directory), the client port, metadata, routing; and takes them down in the opposite order.
 */
final class NodeWiring {

    private static final System.Logger LOG = System.getLogger(NodeWiring.class.getName());
    private static final long LEASE_SYNC_MILLIS = 100;
    private static final long READY_MILLIS_MAX = 60_000;
    private static final int PEER_CONNECTIONS_PER_LOOP = 2;
    private static final int PROPOSALS_PER_RPC = 3;
    private static final int PEER_CONNECT_MILLIS = 1_000;

    private final Vertx vertx;
    private final NodeOptions options;
    private final LongSupplier clockNanos = System::nanoTime;
    private final Deque<String> deployments = new ArrayDeque<>();
    private final Promise<ProtocolVerticle.Desk> desk = Promise.promise();
    private final Promise<Void> failure = Promise.promise();

    private final DoorCounts clientDoor = new DoorCounts();

    private volatile Future<RaftMetadata> starting = Future.succeededFuture();
    private volatile RaftMetadata metadata;
    private final Promise<Void> left = Promise.promise();
    private volatile Router router;
    private volatile NodeMembership membership;
    private volatile PeerLinks peers;
    private volatile SegmentStore store;
    private volatile LocalVerticle local;
    private volatile AccessRules access = AccessRules.open();
    private volatile WatchedFiles<AccessRules> tokens;
    private volatile int clientPort;
    private volatile boolean isStopping;
    private final NodeConsole console;
    private final DoorTls tls;
    private final List<ProtocolVerticle> doors = new CopyOnWriteArrayList<>();

    NodeWiring(Vertx vertx, NodeOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.console = new NodeConsole(options, this, clockNanos);
        this.tls = new DoorTls(vertx, options, this::secure);
    }

    Future<Void> start() {
        return tls.start()
                .compose(read -> readTokens())
                .compose(read -> openStorage())
                .compose(opened -> listenForClients())
                .compose(listening -> console.open(this::deploy, tls.forServer()))
                .compose(opened -> startMetadata())
                .compose(started -> startRouting())
                .compose(routing -> openForThisProcess())
                .onSuccess(opened -> openTheDoor());
    }

    /** Connections that are open go on with the certificates they were made with. */
    private void secure(ServerSSLOptions changed) {
        for (ProtocolVerticle door : doors) {
            door.secure(changed).onFailure(failure -> keepsEarlier("client", failure));
        }
        console.secure(changed).onFailure(failure -> keepsEarlier("HTTP", failure));
        if (peers != null) {
            peers.reconnect();
        }
    }

    private static void keepsEarlier(String port, Throwable failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "the {0} port keeps its earlier certificate: {1}",
                port,
                failure.getMessage());
    }

    private Future<Void> readTokens() {
        if (options.tokensFile().isEmpty()) {
            return Future.succeededFuture();
        }
        Path file = Path.of(options.tokensFile());
        tokens =
                new WatchedFiles<>(
                        vertx,
                        List.of(file),
                        () -> AccessRules.parse(Files.readString(file)),
                        read -> access = read);
        return tokens.start();
    }

    /** The rules in force at the moment. */
    AccessRules access() {
        return access;
    }

    private Future<Void> openStorage() {
        store =
                new SegmentStore(
                        new StorageOptions(
                                options.directory().resolve("log"),
                                options.fsyncPolicy(),
                                options.segmentEntriesMax(),
                                options.segmentBytesMax(),
                                options.storageWorkers()),
                        this::holdsLease,
                        segment -> console.timed(router.rollOver(segment.id())),
                        console.storageObserver());
        var verticle =
                new StorageVerticle(
                        store,
                        "walrus-storage-" + options.nodeId() + "-" + System.identityHashCode(this),
                        options.storageWorkers());
        return deploy(verticle, ThreadingModel.WORKER).mapEmpty();
    }

    private boolean holdsLease(SegmentId segment, long epoch) {
        long deadlineNanos = metadata.leaseDeadlineNanos();
        LeaseVerdict verdict =
                LeaseGate.check(
                        metadata.view(),
                        segment,
                        metadata.holder(),
                        deadlineNanos,
                        clockNanos.getAsLong());
        return verdict instanceof LeaseVerdict.Held held && held.epoch() == epoch;
    }

    /** One instance on each event loop, all on one port; none if nobody connects. */
    private Future<Void> listenForClients() {
        return options.clientPort() == NodeOptions.NO_PORT
                ? Future.succeededFuture()
                : portToListenOn().compose(this::deployProtocol);
    }

    private Future<Void> openForThisProcess() {
        local = new LocalVerticle(options.protocol(), desk.future());
        return deploy(local, ThreadingModel.EVENT_LOOP).mapEmpty();
    }

    /** A client that needs no connection; null as long as the node has not started. */
    WalrusClient client() {
        LocalVerticle open = local;
        return open == null ? null : WalrusClient.over(vertx, new LocalTransport(open.open()));
    }

    /**
     * For a free port, Vert.x wants a negative number, which the instances that share it have in
     * common.
     */
    private Future<Integer> portToListenOn() {
        return options.clientPort() > 0
                ? Future.succeededFuture(options.clientPort())
                : vertx.sharedData()
                        .getLocalCounter("walrus.free-ports")
                        .compose(Counter::incrementAndGet)
                        .map(count -> (int) -count);
    }

    private Future<Void> deployProtocol(int port) {
        ProtocolVerticle first = protocolVerticle(port);
        Future<Void> listening =
                deploy(first, ThreadingModel.EVENT_LOOP)
                        .onSuccess(id -> clientPort = first.actualPort())
                        .mapEmpty();
        int loops = Runtime.getRuntime().availableProcessors();
        for (int i = 1; i < loops; i++) {
            listening =
                    listening.compose(
                            ok ->
                                    deploy(protocolVerticle(port), ThreadingModel.EVENT_LOOP)
                                            .mapEmpty());
        }
        return listening;
    }

    private ProtocolVerticle protocolVerticle(int port) {
        var door =
                new ProtocolVerticle(
                        options.protocol(),
                        port,
                        desk.future(),
                        tls.forServer(),
                        clientDoor,
                        clockNanos);
        doors.add(door);
        return door;
    }

    private Future<Void> startMetadata() {
        if (isStopping) {
            return Future.failedFuture(stoppedEarly());
        }
        var toOthers = Advertised.parse("raft", options.raftAdvertiseHost(), false);
        var toClients = Advertised.parse("client", options.clientAdvertise(), true);
        var raft =
                new RaftMetadataOptions()
                        .nodeId(options.nodeId())
                        .dataDir(options.directory().resolve("metadata"))
                        .raftHost(options.raftHost())
                        .raftPort(options.raftPort())
                        .advertiseHost(toOthers.host())
                        .advertisePort(toOthers.port())
                        .clientHost(toClients.hostOr(options.clientHost()))
                        .clientPort(toClients.portOr(clientPort))
                        .join(options.join())
                        .bootstrap(options.join().isEmpty())
                        .proposalTimeoutMillis(proposalMillis())
                        .sharedSecret(options.clusterSecret())
                        .allowInsecure(options.allowInsecure())
                        .nanoClock(clockNanos);
        starting =
                Future.fromCompletionStage(
                        RaftMetadata.start(vertx, raft), vertx.getOrCreateContext());
        return starting.compose(
                        started -> {
                            metadata = started;
                            if (isStopping) {
                                return Future.failedFuture(stoppedEarly());
                            }
                            started.failure().whenComplete((none, cause) -> tellFailure(cause));
                            return Future.fromCompletionStage(
                                    started.ready(), vertx.getOrCreateContext());
                        })
                .compose(member -> awaitFirstHeartbeat());
    }

    private IllegalStateException stoppedEarly() {
        return new IllegalStateException(
                "node " + options.nodeId() + " was stopped before it was ready");
    }

    /**
     * Short enough that an unanswered seal is looked up and tried again while its writers still
     * wait.
     */
    private long proposalMillis() {
        return Math.max(1, options.rpcTimeoutMillis() / PROPOSALS_PER_RPC);
    }

    private void tellFailure(Throwable cause) {
        if (cause != null) {
            failure.tryFail(cause);
        }
    }

    /** Fails when a room of this node has stopped by itself; the node should be stopped then. */
    Future<Void> failure() {
        return failure.future();
    }

    /** Before its first heartbeat is answered, a node has no lease and nobody counts it as live. */
    private Future<Void> awaitFirstHeartbeat() {
        return Looks.until(vertx, READY_MILLIS_MAX, this::lookForHeartbeat);
    }

    private void lookForHeartbeat(Promise<Void> answered) {
        if (isStopping) {
            answered.tryFail(stoppedEarly());
            return;
        }
        RaftStatus status = metadata.status();
        if (metadata.liveNodes().contains(options.nodeId())
                && status.replicatedIndex().containsKey(options.nodeId())) {
            answered.tryComplete();
        }
    }

    private Future<Void> startRouting() {
        var routing =
                new RoutingOptions(
                        options.rpcTimeoutMillis(),
                        LEASE_SYNC_MILLIS,
                        options.monitorMillis(),
                        options.topicsMax(),
                        options.readRule());
        String peerToken = peerToken();
        peers =
                new PeerLinks(
                        vertx,
                        new PeerOptions(
                                peerToken,
                                PEER_CONNECTIONS_PER_LOOP,
                                (int) options.rpcTimeoutMillis(),
                                PEER_CONNECT_MILLIS,
                                options.frameBytesMax(),
                                tls::forPeers));
        router =
                new Router(
                        metadata.holder(),
                        metadata,
                        store,
                        peers,
                        this::holdsLease,
                        routing,
                        metadata::liveNodes,
                        clockNanos);
        membership = new NodeMembership(vertx, options.nodeId(), metadata, router);
        membership.left().onSuccess(left::tryComplete);
        return deploy(new RoutingVerticle(router, metadata, routing), ThreadingModel.EVENT_LOOP)
                .mapEmpty();
    }

    /** Only who knows the cluster and its secret can make it. */
    private String peerToken() {
        return PeerToken.of(metadata.view().clusterId(), options.clusterSecret());
    }

    private NodeReports.Server server() {
        return new NodeReports.Server(
                WalrusVersion.current(),
                options.frameBytesMax(),
                Arrays.stream(Verb.values()).map(Verb::name).toList());
    }

    private void openTheDoor() {
        console.serving();
        desk.complete(
                new ProtocolVerticle.Desk(
                        router,
                        new NodeReports(
                                server(), metadata::view, metadata::status, console.openCounts()),
                        membership,
                        () -> access,
                        peerToken()::equals));
    }

    /** Completes when the node has left its cluster because it was asked to. */
    Future<Void> left() {
        return left.future();
    }

    /**
     * Gives what this node leads to others, so that its end is a pause for writers and not a
     * failover; at most so long, and whatever comes of it.
     */
    Future<Void> handOver(long millisMax) {
        return membership == null
                ? Future.succeededFuture()
                : membership.handOver(millisMax).otherwiseEmpty();
    }

    private Future<String> deploy(Deployable verticle, ThreadingModel model) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model))
                .onSuccess(deployments::push);
    }

    /** Takes down whatever was started; the first failure is told after everything was tried. */
    Future<Void> stop() {
        isStopping = true;
        desk.tryFail("the node is stopping");
        if (router != null) {
            router.stopWaiting();
        }
        tls.stop();
        if (tokens != null) {
            tokens.stop();
        }
        Future<Void> protocolAndRouting = Future.succeededFuture();
        while (deployments.size() > 1) {
            String id = deployments.pop();
            protocolAndRouting = protocolAndRouting.eventually(() -> vertx.undeploy(id));
        }
        return protocolAndRouting
                .eventually(this::closePeers)
                .eventually(this::stopMetadata)
                .eventually(
                        () ->
                                deployments.isEmpty()
                                        ? Future.succeededFuture()
                                        : vertx.undeploy(deployments.pop()));
    }

    private Future<Void> closePeers() {
        return peers == null ? Future.succeededFuture() : peers.close();
    }

    /** It may be starting in this moment, and would go on for ever if nobody told it. */
    private Future<Void> stopMetadata() {
        return starting.otherwiseEmpty()
                .compose(
                        started ->
                                started == null
                                        ? Future.succeededFuture()
                                        : Future.fromCompletionStage(
                                                started.close(), vertx.getOrCreateContext()));
    }

    /** Known as soon as the node routes; before, and after its end, nobody is asked. */
    Optional<Router> router() {
        return Optional.ofNullable(desk.future().succeeded() && !isStopping ? router : null);
    }

    Optional<PeerLinks> peers() {
        return Optional.ofNullable(peers);
    }

    int httpPort() {
        return console.port();
    }

    DoorCounts clientDoor() {
        return clientDoor;
    }

    int clientPort() {
        return clientPort;
    }

    RaftMetadata metadata() {
        return metadata;
    }

    SegmentStore store() {
        return store;
    }
}
