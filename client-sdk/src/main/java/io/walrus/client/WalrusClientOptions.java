package io.walrus.client;

import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import io.walrus.protocol.FrameParser;
import java.util.ArrayList;
import java.util.List;

/** How a client connects, waits and holds back. Read once, when the client is created. */
public final class WalrusClientOptions {

    /** The port of an address that names none. */
    public static final int DEFAULT_PORT = 8080;

    /** The address of a client that was given none. */
    public static final String DEFAULT_ADDRESS = "127.0.0.1:" + DEFAULT_PORT;

    private List<String> addresses = List.of(DEFAULT_ADDRESS);
    private int connectTimeoutMillis = 3_000;
    private int requestTimeoutMillis = 10_000;
    private int connectRoundsMax;
    private int reconnectPauseMillisMin = 50;
    private int reconnectPauseMillisMax = 2_000;
    private int inFlightMax = 4_096;
    private int pendingMax = 65_536;
    private long pendingBytesMax = 64L << 20;
    private int frameBytesMax = FrameParser.FRAME_BYTES_MAX;
    private String token = "";
    private boolean storedOnce = true;
    private boolean straightToLeaders = true;
    private NetClientOptions net = new NetClientOptions();

    /** The defaults. */
    public WalrusClientOptions() {}

    /**
     * Reads {@link #toJson()}; what is missing keeps its default, a key that is no option is
     * refused.
     */
    public WalrusClientOptions(JsonObject json) {
        OptionsFormat.read(json, this);
    }

    /** All options, the token included: handle the text like one. */
    public JsonObject toJson() {
        return OptionsFormat.write(this);
    }

    /** A copy, which later changes of the other do not touch. */
    public WalrusClientOptions(WalrusClientOptions other) {
        addresses = other.addresses;
        connectTimeoutMillis = other.connectTimeoutMillis;
        requestTimeoutMillis = other.requestTimeoutMillis;
        connectRoundsMax = other.connectRoundsMax;
        reconnectPauseMillisMin = other.reconnectPauseMillisMin;
        reconnectPauseMillisMax = other.reconnectPauseMillisMax;
        inFlightMax = other.inFlightMax;
        pendingMax = other.pendingMax;
        pendingBytesMax = other.pendingBytesMax;
        frameBytesMax = other.frameBytesMax;
        token = other.token;
        storedOnce = other.storedOnce;
        straightToLeaders = other.straightToLeaders;
        net = new NetClientOptions(other.net);
    }

    /**
     * How connections are made, TLS included: {@code setSsl(true)} and whom to trust. The connect
     * time-out comes from {@link #getConnectTimeoutMillis()}. Default: plain TCP.
     */
    public NetClientOptions getNetClientOptions() {
        return net;
    }

    /** See {@link #getNetClientOptions()}. */
    public WalrusClientOptions setNetClientOptions(NetClientOptions netClientOptions) {
        this.net = new NetClientOptions(netClientOptions);
        return this;
    }

    /** Where to connect: the first that is reachable is used. Default {@value #DEFAULT_ADDRESS}. */
    public List<String> getAddresses() {
        return addresses;
    }

    /**
     * Takes addresses of the form {@code host}, {@code host:port} or {@code [v6]:port}, in order of
     * preference.
     */
    public WalrusClientOptions setAddresses(List<String> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "at least one address is wanted, such as " + DEFAULT_ADDRESS);
        }
        addresses.forEach(ServerAddress::parse);
        this.addresses = List.copyOf(addresses);
        return this;
    }

    /** Takes one or more addresses split by commas. */
    public WalrusClientOptions setAddresses(String commaSeparated) {
        List<String> parts = new ArrayList<>();
        for (String part : commaSeparated.split(",", -1)) {
            parts.add(part.strip());
        }
        return setAddresses(parts);
    }

    /** How long one address may take to accept, in milliseconds. Default 3,000. */
    public int getConnectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    /** See {@link #getConnectTimeoutMillis()}; at least 1. */
    public WalrusClientOptions setConnectTimeoutMillis(int connectTimeoutMillis) {
        this.connectTimeoutMillis = atLeastOne("connectTimeoutMillis", connectTimeoutMillis);
        return this;
    }

    /**
     * How long a request may take from the call to the reply, waiting for a connection included.
     * Default 10,000.
     */
    public int getRequestTimeoutMillis() {
        return requestTimeoutMillis;
    }

    /** See {@link #getRequestTimeoutMillis()}; at least 1. */
    public WalrusClientOptions setRequestTimeoutMillis(int requestTimeoutMillis) {
        this.requestTimeoutMillis = atLeastOne("requestTimeoutMillis", requestTimeoutMillis);
        return this;
    }

    /**
     * How often all addresses are tried before waiting requests fail; 0, the default: until their
     * time is up.
     */
    public int getConnectRoundsMax() {
        return connectRoundsMax;
    }

    /** See {@link #getConnectRoundsMax()}; at least 0. */
    public WalrusClientOptions setConnectRoundsMax(int connectRoundsMax) {
        if (connectRoundsMax < 0) {
            throw new IllegalArgumentException(
                    "connectRoundsMax is at least 0; came: " + connectRoundsMax);
        }
        this.connectRoundsMax = connectRoundsMax;
        return this;
    }

    /**
     * The shortest pause between two rounds of connecting; it doubles with each, with jitter.
     * Default 50.
     */
    public int getReconnectPauseMillisMin() {
        return reconnectPauseMillisMin;
    }

    /** See {@link #getReconnectPauseMillisMin()}; at least 1. */
    public WalrusClientOptions setReconnectPauseMillisMin(int reconnectPauseMillisMin) {
        this.reconnectPauseMillisMin =
                atLeastOne("reconnectPauseMillisMin", reconnectPauseMillisMin);
        return this;
    }

    /** The longest pause between two rounds of connecting. Default 2,000. */
    public int getReconnectPauseMillisMax() {
        return reconnectPauseMillisMax;
    }

    /** See {@link #getReconnectPauseMillisMax()}; at least 1. */
    public WalrusClientOptions setReconnectPauseMillisMax(int reconnectPauseMillisMax) {
        this.reconnectPauseMillisMax =
                atLeastOne("reconnectPauseMillisMax", reconnectPauseMillisMax);
        return this;
    }

    /** The most requests on the wire without a reply; more wait in the client. Default 4,096. */
    public int getInFlightMax() {
        return inFlightMax;
    }

    /** See {@link #getInFlightMax()}; at least 1. */
    public WalrusClientOptions setInFlightMax(int inFlightMax) {
        this.inFlightMax = atLeastOne("inFlightMax", inFlightMax);
        return this;
    }

    /**
     * The most requests without an answer, those on the wire included; one more fails at once.
     * Default 65,536.
     */
    public int getPendingMax() {
        return pendingMax;
    }

    /** See {@link #getPendingMax()}; at least 1. */
    public WalrusClientOptions setPendingMax(int pendingMax) {
        this.pendingMax = atLeastOne("pendingMax", pendingMax);
        return this;
    }

    /**
     * The most bytes in requests without an answer; more fail at once, but one always passes.
     * Default 64 MiB.
     */
    public long getPendingBytesMax() {
        return pendingBytesMax;
    }

    /** See {@link #getPendingBytesMax()}; at least 1. */
    public WalrusClientOptions setPendingBytesMax(long pendingBytesMax) {
        if (pendingBytesMax < 1) {
            throw new IllegalArgumentException(
                    "pendingBytesMax is at least 1; came: " + pendingBytesMax);
        }
        this.pendingBytesMax = pendingBytesMax;
        return this;
    }

    /**
     * The longest request body, in bytes; as high as the server's own limit, or lower. Default 1
     * MiB.
     */
    public int getFrameBytesMax() {
        return frameBytesMax;
    }

    /** See {@link #getFrameBytesMax()}; 1 to {@link FrameParser#FRAME_BYTES_MAX_CEILING}. */
    public WalrusClientOptions setFrameBytesMax(int frameBytesMax) {
        if (frameBytesMax < 1 || frameBytesMax > FrameParser.FRAME_BYTES_MAX_CEILING) {
            throw new IllegalArgumentException(
                    "frameBytesMax is 1 to "
                            + FrameParser.FRAME_BYTES_MAX_CEILING
                            + "; came: "
                            + frameBytesMax);
        }
        this.frameBytesMax = frameBytesMax;
        return this;
    }

    /** What each connection shows first; empty, the default, for servers that want none. */
    public String getToken() {
        return token;
    }

    /** See {@link #getToken()}. */
    public WalrusClientOptions setToken(String token) {
        this.token = token;
        return this;
    }

    /**
     * Whether an append whose reply was lost is sent again until its time is up, and stored once
     * all the same. Default true. If not, it fails and may have happened.
     */
    public boolean isStoredOnce() {
        return storedOnce;
    }

    /** See {@link #isStoredOnce()}. */
    public WalrusClientOptions setStoredOnce(boolean storedOnce) {
        this.storedOnce = storedOnce;
        return this;
    }

    /**
     * Whether appends that are stored once go straight to the node that leads their topic, over a
     * connection of its own to the address that the cluster gives for it ({@code
     * --client-advertise}). Default true; a node that cannot be reached there is written to through
     * the addresses given here.
     */
    public boolean isStraightToLeaders() {
        return straightToLeaders;
    }

    /** See {@link #isStraightToLeaders()}. */
    public WalrusClientOptions setStraightToLeaders(boolean straightToLeaders) {
        this.straightToLeaders = straightToLeaders;
        return this;
    }

    List<SocketAddress> socketAddresses() {
        return addresses.stream().map(ServerAddress::parse).toList();
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is at least 1; came: " + value);
        }
        return value;
    }
}
