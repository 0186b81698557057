package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.JRaftServiceFactory;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.core.State;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import com.alipay.sofa.jraft.util.concurrent.DefaultFixedThreadsExecutorGroupFactory;
import com.alipay.sofa.jraft.util.concurrent.FixedThreadsExecutorGroup;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.codec.MetadataCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The library's node with our storage, our port and our state machine: the one place where the
 * library is started, asked and stopped.
 *
 * <p>{@link #start} and {@link #stop} block; everything else does not, beyond the library's own
 * locks. Any thread.
 */
final class RaftMember {
    private static final System.Logger LOG = System.getLogger(RaftMember.class.getName());
    private static final long LOG_FILE_BYTES_MAX = 4 << 20;
    private static final long STOP_MILLIS_MAX = 10_000;

    private final StoreIdentity identity;
    private final PeerId self;
    private final MetadataStateMachine stateMachine;
    private final MetadataCodec codec = new MetadataCodec();
    private final FileLogStorage log;
    private final FileVoteStorage votes;
    private final FileSnapshotStorage snapshots;
    private final Executor work;
    private final FixedThreadsExecutorGroup appendThreads;
    private final PortNodeOptions options;
    private volatile long lastLogIndex;
    private Node node;

    RaftMember(
            StoreDirectory directory,
            StoreIdentity identity,
            RaftMetadataOptions settings,
            MemberPort port,
            MetadataStateMachine stateMachine,
            Executor work,
            Consumer<Throwable> onFailure) {
        this.work = work;
        this.identity = identity;
        this.self = peer(identity.raftAddress());
        this.stateMachine = stateMachine;
        this.votes = new FileVoteStorage(directory.vote(), onFailure);
        this.appendThreads =
                DefaultFixedThreadsExecutorGroupFactory.INSTANCE.newExecutorGroup(
                        2, "metadata-send-" + identity.nodeId() + "-", 10_000, true);
        this.log = new FileLogStorage(directory.log(), LOG_FILE_BYTES_MAX, onFailure);
        RaftOptions raft = raftOptions(settings);
        this.snapshots = new FileSnapshotStorage(directory.snapshots(), raft);
        this.options = nodeOptions(settings, raft, port, directory);
    }

    /** Loads the state on disk and takes part; blocking. */
    void start() {
        // The library cannot be stopped again when its log fails to open: so that is tried before
        // it starts.
        log.check();
        NodeManager.getInstance().addAddress(self.getEndpoint());
        String group = "walrus-" + identity.clusterId();
        node = SuspendSignal.keptWhile(() -> RaftServiceFactory.createRaftNode(group, self));
        if (!node.init(options)) {
            throw new MetadataStartException(
                    "the replicated log of " + identity.raftAddress() + " could not be started");
        }
    }

    /** Ends everything that was started, and waits for it; blocking. */
    void stop() {
        log.giveUp();
        votes.giveUp();
        snapshots.giveUp();
        if (node != null) {
            node.shutdown();
            Thread joiner = new Thread(this::join, "metadata-" + identity.nodeId() + "-join");
            joiner.setDaemon(true);
            joiner.start();
            awaitEnd(joiner);
        }
        NodeManager.getInstance().removeAddress(self.getEndpoint());
        appendThreads.shutdownGracefully();
    }

    private void join() {
        try {
            node.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The library waits for ever for parts of it that never started. */
    private static void awaitEnd(Thread joiner) {
        try {
            joiner.join(STOP_MILLIS_MAX);
            if (joiner.isAlive()) {
                LOG.log(System.Logger.Level.WARNING, "the library did not end in time; left alone");
                joiner.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isLeader() {
        return node.getNodeState() == State.STATE_LEADER && node.isLeader();
    }

    /** Whether this member's disk is full, so that it cannot go on with the log. */
    boolean waitsForRoom() {
        return log.waitsForRoom();
    }

    State state() {
        return node.getNodeState();
    }

    String address() {
        return identity.raftAddress();
    }

    long term() {
        return votes.getTerm();
    }

    /** Newest entry of this member's log; the last one known, once the library is stopping. */
    long lastLogIndex() {
        try {
            lastLogIndex = node.getLastLogIndex();
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "asked while stopping: {0}", e.getMessage());
        }
        return lastLogIndex;
    }

    /** Address of the leader this node follows or is, if it knows one. */
    Optional<String> leaderAddress() {
        return Optional.ofNullable(node.getLeaderId())
                .map(leader -> leader.getEndpoint().toString());
    }

    /**
     * Puts the proposal into the log; leader only. Empty when it may or may not be committed; fails
     * when it certainly is not.
     */
    CompletableFuture<Optional<Outcome>> append(Proposal proposal) {
        AppliedClosure closure = new AppliedClosure(proposal);
        node.apply(new Task(ByteBuffer.wrap(codec.encodeProposal(proposal)), closure));
        return closure.result();
    }

    /**
     * Asks a majority whether this node is their leader; true means that it was at some moment
     * after this call. The answer comes on a thread of the library.
     */
    void confirmLeadership(Consumer<Boolean> answer) {
        readIndex(
                new ReadIndexClosure(-1) {
                    @Override
                    public void run(Status status, long index, byte[] context) {
                        answer.accept(status.isOk() && node.isLeader());
                    }
                },
                answer);
    }

    /** A member that is about to stop takes no more questions, and throws. */
    private void readIndex(ReadIndexClosure closure, Consumer<Boolean> answer) {
        try {
            node.readIndex(new byte[0], closure);
        } catch (IllegalStateException stopping) {
            answer.accept(false);
        }
    }

    /**
     * Asks the leader, wherever it is, how far the log was committed, and waits until this member
     * has applied that; the answer comes on a thread of the library.
     */
    void awaitNewest(Consumer<Boolean> answer) {
        readIndex(
                new ReadIndexClosure() {
                    @Override
                    public void run(Status status, long index, byte[] context) {
                        answer.accept(status.isOk());
                    }
                },
                answer);
    }

    /** Voters' addresses: as the leader has them, else as they were committed last. */
    List<String> voters() {
        try {
            return addresses(isLeader() ? node.listPeers() : stateMachine.members().listPeers());
        } catch (IllegalStateException e) {
            return addresses(stateMachine.members().listPeers());
        }
    }

    /**
     * Whether a voter's vote was agreed on: a leader counts one that its successor may never hear
     * of. True as long as no change of the members was seen since the start.
     */
    boolean isAgreedOn(String voter) {
        Configuration committed = stateMachine.members();
        return committed.isEmpty() || addresses(committed.listPeers()).contains(voter);
    }

    /** Addresses of all whom the newest membership in this member's log names, committed or not. */
    List<String> configured() {
        Configuration newest =
                node instanceof NodeImpl library
                        ? library.getCurrentConf()
                        : stateMachine.members();
        if (newest == null) {
            return List.of();
        }
        List<String> all = addresses(newest.listPeers());
        all.addAll(addresses(newest.listLearners()));
        return all;
    }

    /** Learners' addresses, likewise. */
    List<String> learners() {
        Configuration committed = stateMachine.members();
        try {
            return addresses(isLeader() ? node.listLearners() : committed.listLearners());
        } catch (IllegalStateException e) {
            return addresses(committed.listLearners());
        }
    }

    CompletableFuture<Status> addLearner(String address) {
        return change(done -> node.addLearners(List.of(peer(address)), done));
    }

    CompletableFuture<Status> removeLearner(String address) {
        return change(done -> node.removeLearners(List.of(peer(address)), done));
    }

    CompletableFuture<Status> addVoter(String address) {
        return change(done -> node.addPeer(peer(address), done));
    }

    CompletableFuture<Status> removeVoter(String address) {
        return change(done -> node.removePeer(peer(address), done));
    }

    /** Not done, and nothing else happens, where there is no room for one. */
    CompletableFuture<Status> snapshot() {
        try {
            return CompletableFuture.supplyAsync(snapshots::keepReserve, work)
                    .thenCompose(
                            hasRoom ->
                                    hasRoom
                                            ? change(node::snapshot)
                                            : CompletableFuture.completedFuture(
                                                    new Status(
                                                            RaftError.EAGAIN,
                                                            "the disk has no room for a snapshot")));
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.failedFuture(stopping);
        }
    }

    Status transferTo(String address) {
        return node.transferLeadershipTo(peer(address));
    }

    private static CompletableFuture<Status> change(Consumer<Closure> ask) {
        CompletableFuture<Status> result = new CompletableFuture<>();
        try {
            ask.accept(result::complete);
        } catch (IllegalArgumentException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private static RaftOptions raftOptions(RaftMetadataOptions settings) {
        RaftOptions raft = new RaftOptions();
        raft.setEnableLogEntryChecksum(true);
        raft.setReplicatorPipeline(false);
        raft.setMaxElectionDelayMs(Math.max(50, settings.electionTimeoutMillis() * 2 / 5));
        raft.setDisruptorBufferSize(1024);
        raft.setSync(true);
        return raft;
    }

    private PortNodeOptions nodeOptions(
            RaftMetadataOptions settings,
            RaftOptions raft,
            MemberPort port,
            StoreDirectory directory) {
        PortNodeOptions node = new PortNodeOptions(port);
        node.setRaftOptions(raft);
        node.setServiceFactory(storages());
        node.setFsm(stateMachine);
        node.setLogUri(directory.log().toString());
        node.setRaftMetaUri(directory.vote().toString());
        node.setSnapshotUri(directory.snapshots().toString());
        node.setSnapshotIntervalSecs(0);
        node.setElectionTimeoutMs(settings.electionTimeoutMillis());
        node.setDisableCli(true);
        node.setRpcConnectTimeoutMs(200);
        node.setRpcDefaultTimeout(2000);
        node.setRpcProcessorThreadPoolSize(6);
        node.setTimerPoolSize(2);
        node.setSharedTimerPool(true);
        node.setSharedElectionTimer(true);
        node.setSharedVoteTimer(true);
        node.setSharedStepDownTimer(true);
        node.setSharedSnapshotTimer(true);
        node.setAppendEntriesExecutors(appendThreads);
        boolean isFounding = identity.stage() == StoreIdentity.Stage.FOUNDING;
        node.setInitialConf(isFounding ? new Configuration(List.of(self)) : new Configuration());
        return node;
    }

    private JRaftServiceFactory storages() {
        return new DefaultJRaftServiceFactory() {
            @Override
            public LogStorage createLogStorage(String uri, RaftOptions raftOptions) {
                return log;
            }

            @Override
            public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions raftOptions) {
                return votes;
            }

            @Override
            public SnapshotStorage createSnapshotStorage(NodeOptions nodeOptions) {
                snapshots.keepReserve();
                return snapshots;
            }
        };
    }

    private static PeerId peer(String address) {
        PeerId peer = new PeerId();
        if (!peer.parse(address) || peer.getPort() == 0) {
            throw new IllegalArgumentException("expected host:port, found " + address);
        }
        return peer;
    }

    private static List<String> addresses(List<PeerId> peers) {
        List<String> addresses = new ArrayList<>();
        peers.forEach(peer -> addresses.add(peer.getEndpoint().toString()));
        return addresses;
    }
}
