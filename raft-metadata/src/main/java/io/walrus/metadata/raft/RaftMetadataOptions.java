package io.walrus.metadata.raft;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Settings of one member. Fluent; read once by {@link RaftMetadata#start}, later changes have no
 * effect. Not thread-safe.
 */
public final class RaftMetadataOptions {
    private int nodeId = 1;
    private Path dataDir = Path.of("data", "metadata");
    private String raftHost = "127.0.0.1";
    private int raftPort = 6000;
    private String advertiseHost = "";
    private int advertisePort;
    private String clientHost = "127.0.0.1";
    private int clientPort = 8080;
    private List<String> join = List.of();
    private boolean bootstrap;
    private int replicationFactor = 1;
    private int ackQuorum = 1;
    private int electionTimeoutMillis = 500;
    private int heartbeatMillis = 100;
    private long leaseMillis = 1500;
    private long leaseMarginMillis = 150;
    private long proposalTimeoutMillis = 5000;
    private long snapshotEveryEntries = 10_000;
    private String sharedSecret = "";
    private boolean allowInsecure;
    private LongSupplier nanoClock = System::nanoTime;

    public RaftMetadataOptions() {}

    RaftMetadataOptions(RaftMetadataOptions other) {
        nodeId = other.nodeId;
        dataDir = other.dataDir;
        raftHost = other.raftHost;
        raftPort = other.raftPort;
        advertiseHost = other.advertiseHost;
        advertisePort = other.advertisePort;
        clientHost = other.clientHost;
        clientPort = other.clientPort;
        join = other.join;
        bootstrap = other.bootstrap;
        replicationFactor = other.replicationFactor;
        ackQuorum = other.ackQuorum;
        electionTimeoutMillis = other.electionTimeoutMillis;
        heartbeatMillis = other.heartbeatMillis;
        leaseMillis = other.leaseMillis;
        leaseMarginMillis = other.leaseMarginMillis;
        proposalTimeoutMillis = other.proposalTimeoutMillis;
        snapshotEveryEntries = other.snapshotEveryEntries;
        sharedSecret = other.sharedSecret;
        allowInsecure = other.allowInsecure;
        nanoClock = other.nanoClock;
    }

    public int nodeId() {
        return nodeId;
    }

    /** This node's id, from 1; default 1. A data directory belongs to one node id for ever. */
    public RaftMetadataOptions nodeId(int value) {
        nodeId = value;
        return this;
    }

    public Path dataDir() {
        return dataDir;
    }

    /** Directory of this room alone; created if it is missing. */
    public RaftMetadataOptions dataDir(Path value) {
        dataDir = Objects.requireNonNull(value);
        return this;
    }

    public String raftHost() {
        return raftHost;
    }

    /** The one address the metadata port is bound to; default 127.0.0.1. */
    public RaftMetadataOptions raftHost(String value) {
        raftHost = Objects.requireNonNull(value);
        return this;
    }

    public int raftPort() {
        return raftPort;
    }

    /** Metadata port; 0 takes a free one at the first start, and the same one again later. */
    public RaftMetadataOptions raftPort(int value) {
        raftPort = value;
        return this;
    }

    public String advertiseHost() {
        return advertiseHost.isEmpty() ? raftHost : advertiseHost;
    }

    /** Host under which the others reach the metadata port; default: the bound one. */
    public RaftMetadataOptions advertiseHost(String value) {
        advertiseHost = Objects.requireNonNull(value);
        return this;
    }

    public int advertisePort() {
        return advertisePort;
    }

    /** Port under which the others reach the metadata port; 0, the default, is the bound one. */
    public RaftMetadataOptions advertisePort(int value) {
        advertisePort = value;
        return this;
    }

    public String clientHost() {
        return clientHost;
    }

    /** Host that clients of this node connect to, as registered in the state. */
    public RaftMetadataOptions clientHost(String value) {
        clientHost = Objects.requireNonNull(value);
        return this;
    }

    public int clientPort() {
        return clientPort;
    }

    /** Port that clients of this node connect to, as registered in the state. */
    public RaftMetadataOptions clientPort(int value) {
        clientPort = value;
        return this;
    }

    public List<String> join() {
        return join;
    }

    /**
     * Metadata addresses, {@code host:port}, of any members to join; used only while this store is
     * in no cluster.
     */
    public RaftMetadataOptions join(List<String> value) {
        join = List.copyOf(value);
        return this;
    }

    public boolean bootstrap() {
        return bootstrap;
    }

    /**
     * Whether an empty directory may found a new cluster, when there is nobody to join; default no.
     */
    public RaftMetadataOptions bootstrap(boolean value) {
        bootstrap = value;
        return this;
    }

    public int replicationFactor() {
        return replicationFactor;
    }

    /** Copies of a segment, fixed when the cluster is founded; default 1. */
    public RaftMetadataOptions replicationFactor(int value) {
        replicationFactor = value;
        return this;
    }

    public int ackQuorum() {
        return ackQuorum;
    }

    /** Durable copies before an ack, fixed when the cluster is founded; default 1. */
    public RaftMetadataOptions ackQuorum(int value) {
        ackQuorum = value;
        return this;
    }

    public int electionTimeoutMillis() {
        return electionTimeoutMillis;
    }

    /** Silence of the metadata leader after which the others elect a new one; default 500. */
    public RaftMetadataOptions electionTimeoutMillis(int value) {
        electionTimeoutMillis = value;
        return this;
    }

    public int heartbeatMillis() {
        return heartbeatMillis;
    }

    /** How often a node renews its lease; default 100. */
    public RaftMetadataOptions heartbeatMillis(int value) {
        heartbeatMillis = value;
        return this;
    }

    public long leaseMillis() {
        return leaseMillis;
    }

    /** How long a silent node keeps its segments; default 1500. The same on all members. */
    public RaftMetadataOptions leaseMillis(long value) {
        leaseMillis = value;
        return this;
    }

    public long leaseMarginMillis() {
        return leaseMarginMillis;
    }

    /** How much earlier than that the node itself stops; default 150. */
    public RaftMetadataOptions leaseMarginMillis(long value) {
        leaseMarginMillis = value;
        return this;
    }

    public long proposalTimeoutMillis() {
        return proposalTimeoutMillis;
    }

    /** After this long a proposal without an answer is Unknown; default 5000. */
    public RaftMetadataOptions proposalTimeoutMillis(long value) {
        proposalTimeoutMillis = value;
        return this;
    }

    public long snapshotEveryEntries() {
        return snapshotEveryEntries;
    }

    /**
     * A snapshot is taken, and the log cut, when it has grown by this many entries; default 10000.
     */
    public RaftMetadataOptions snapshotEveryEntries(long value) {
        snapshotEveryEntries = value;
        return this;
    }

    public String sharedSecret() {
        return sharedSecret;
    }

    /** What every member must know to be heard; empty is allowed on a loopback address only. */
    public RaftMetadataOptions sharedSecret(String value) {
        sharedSecret = Objects.requireNonNull(value);
        return this;
    }

    public boolean allowInsecure() {
        return allowInsecure;
    }

    /** Whether a port that strangers can reach may be opened without a secret; default no. */
    public RaftMetadataOptions allowInsecure(boolean value) {
        allowInsecure = value;
        return this;
    }

    public LongSupplier nanoClock() {
        return nanoClock;
    }

    /** Monotonic nanoseconds for leases; default {@link System#nanoTime}. */
    public RaftMetadataOptions nanoClock(LongSupplier value) {
        nanoClock = Objects.requireNonNull(value);
        return this;
    }
}
