package io.walrus.node;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.walrus.metadata.ReadRule;
import io.walrus.node.console.ConsoleOptions;
import io.walrus.node.protocol.ProtocolOptions;
import io.walrus.wal.FsyncPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Everything a node can be told, with its defaults; JSON in and out.
 *
 * @param nodeId this node's id in the cluster, from 1; a data directory belongs to one id for ever
 * @param dataDir where all of the node's files are
 * @param instanceKey keeps the log of several nodes apart in one data directory; empty: none
 * @param clientHost address that clients connect to
 * @param clientPort port that clients connect to; 0 picks a free one at every start; -1 is none,
 *     for a cluster of one that is used through {@link WalrusNode#client} alone
 * @param raftHost address of the metadata port
 * @param raftPort metadata port; 0 picks a free one at the first start
 * @param raftAdvertiseHost host under which other nodes reach the metadata port, or {@code
 *     host:port}; empty: the raft host
 * @param clientAdvertise {@code host:port} under which other nodes reach the client port; empty: as
 *     it listens
 * @param join metadata addresses of members to join; empty: an empty directory founds a cluster
 * @param clusterSecret what all nodes of a cluster know; needed to listen beyond the loopback
 *     address
 * @param allowInsecure lets the metadata port listen beyond the loopback address without a secret
 * @param fsync what an ack promises: {@code each}, {@code none}, {@code window:<ms>} or {@code
 *     <ms>}
 * @param reads what shared cursors promise whose topic does not say: {@code strictly-at-once} or
 *     {@code at-least-once}
 * @param segmentEntriesMax a segment is rolled over at this many entries
 * @param segmentBytesMax a segment is rolled over at this many bytes of payload
 * @param monitorMillis how often the monitor looks for segments to roll over
 * @param rpcTimeoutMillis how long a request waits for a leader, and a proposal for an answer
 * @param frameBytesMax longest body of a frame
 * @param connectionsMax open client connections
 * @param topicsMax topics of the cluster beyond which this node creates no further one
 * @param inFlightRequestsMax unanswered requests of a connection
 * @param inFlightBytesMax unanswered bytes of a connection
 * @param idleMillis time without a request after which a connection is closed; 0: never
 * @param frameMillis time for a frame to become whole
 * @param slowReaderMillis time for a peer to take replies
 * @param storageWorkers threads of the storage pool
 * @param httpHost address of the HTTP port
 * @param httpPort port for metrics, health, the API and the console; 0 picks a free one; -1 is none
 * @param httpConnectionsMax open connections of the HTTP port
 * @param httpRequestMillis time without a whole request, or without anything of an answer taken,
 *     after which an HTTP connection is closed
 * @param httpTls whether the HTTP port speaks TLS with the client port's certificate, and asks
 *     browsers and programs for one of theirs if the client port does
 * @param tlsCert PEM file with the certificate of the client port and its chain; empty: plain TCP
 * @param tlsKey PEM file with its key, not encrypted
 * @param tlsCa PEM file with the authority whose certificates clients and other nodes must show;
 *     empty: clients show none, and the nodes share one certificate
 * @param tokensFile file with the tokens of clients and their rights; empty: nobody needs one
 */
public record NodeOptions(
        int nodeId,
        String dataDir,
        String instanceKey,
        String clientHost,
        int clientPort,
        String raftHost,
        int raftPort,
        String raftAdvertiseHost,
        String clientAdvertise,
        List<String> join,
        String clusterSecret,
        boolean allowInsecure,
        String fsync,
        String reads,
        long segmentEntriesMax,
        long segmentBytesMax,
        long monitorMillis,
        long rpcTimeoutMillis,
        int frameBytesMax,
        int connectionsMax,
        int topicsMax,
        int inFlightRequestsMax,
        int inFlightBytesMax,
        long idleMillis,
        long frameMillis,
        long slowReaderMillis,
        int storageWorkers,
        String httpHost,
        int httpPort,
        int httpConnectionsMax,
        long httpRequestMillis,
        boolean httpTls,
        String tlsCert,
        String tlsKey,
        String tlsCa,
        String tokensFile) {

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT);

    /** As a port: nobody connects; this process uses {@link WalrusNode#client}. */
    public static final int NO_PORT = -1;

    /** What a node does when it is told nothing. */
    public static final NodeOptions DEFAULTS =
            new NodeOptions(
                    1,
                    "./data",
                    "",
                    "127.0.0.1",
                    8080,
                    "127.0.0.1",
                    6000,
                    "",
                    "",
                    List.of(),
                    "",
                    false,
                    "each",
                    "strictly-at-once",
                    1_000_000,
                    1L << 30,
                    10_000,
                    5_000,
                    1 << 20,
                    10_000,
                    100_000,
                    10_000,
                    16 << 20,
                    600_000,
                    30_000,
                    30_000,
                    4,
                    "127.0.0.1",
                    NO_PORT,
                    256,
                    120_000,
                    false,
                    "",
                    "",
                    "",
                    "");

    public NodeOptions {
        join = List.copyOf(join);
        join.forEach(member -> Advertised.parse("join", member, true));
        require(nodeId >= 1, "node id", "1 or more", nodeId);
        require(
                NO_PORT <= clientPort && clientPort <= 65_535,
                "client port",
                "0 to 65535, or -1 for none",
                clientPort);
        if (clientPort == NO_PORT && !join.isEmpty()) {
            throw new IllegalArgumentException(
                    "client port: expected one, since the other nodes of a cluster send requests on"
                            + " there, got none");
        }
        require(
                NO_PORT <= httpPort && httpPort <= 65_535,
                "HTTP port",
                "0 to 65535, or -1 for none",
                httpPort);
        require(0 <= raftPort && raftPort <= 65_535, "raft port", "0 to 65535", raftPort);
        require(segmentEntriesMax >= 1, "segment limit", "1 entry or more", segmentEntriesMax);
        require(segmentBytesMax >= 1, "segment limit", "1 byte or more", segmentBytesMax);
        require(topicsMax >= 1, "topic limit", "1 topic or more", topicsMax);
        require(monitorMillis >= 10, "monitor interval", "10 ms or more", monitorMillis);
        require(rpcTimeoutMillis >= 1, "RPC time-out", "1 ms or more", rpcTimeoutMillis);
        Advertised.parse("raft advertise host", raftAdvertiseHost, false);
        Advertised.parse("client advertise address", clientAdvertise, true);
        parseFsync(fsync);
        readRule(reads);
        if (tlsCert.isEmpty() != tlsKey.isEmpty() || tlsCert.isEmpty() && !tlsCa.isEmpty()) {
            throw new IllegalArgumentException(
                    "TLS: expected a certificate and its key, or neither and no authority; got"
                            + " certificate '%s', key '%s', authority '%s'"
                                    .formatted(tlsCert, tlsKey, tlsCa));
        }
        if (httpTls && tlsCert.isEmpty()) {
            throw new IllegalArgumentException(
                    "HTTP over TLS: expected a certificate and its key (--tls-cert, --tls-key), got"
                            + " none");
        }
        if (!tokensFile.isEmpty() && clusterSecret.isEmpty()) {
            throw new IllegalArgumentException(
                    "tokens: expected a cluster secret beside them (WALRUS_CLUSTER_SECRET), or a"
                            + " client could pass for another node; got none");
        }
    }

    private static void require(boolean ok, String what, String expected, long found) {
        if (!ok) {
            throw new IllegalArgumentException(
                    "%s: expected %s, got %d".formatted(what, expected, found));
        }
    }

    /** Reads options from JSON; what is missing has its default, what is unknown is refused. */
    public static NodeOptions fromJson(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            if (!tree.isObject()) {
                throw new IllegalArgumentException(
                        "node options: expected a JSON object, got " + kindOf(tree));
            }
            tree.properties().forEach(field -> refuseNull(field.getKey(), field.getValue()));
            return JSON.readerForUpdating(Draft.of(DEFAULTS)).<Draft>readValue(json).build();
        } catch (UnrecognizedPropertyException unknown) {
            throw new IllegalArgumentException(
                    "node options: no option is named '%s'; 'walrus node --print-config' shows those there are"
                            .formatted(unknown.getPropertyName()),
                    unknown);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException(
                    "node options: " + unreadable.getOriginalMessage(), unreadable);
        }
    }

    private static void refuseNull(String name, JsonNode value) {
        boolean hasNull = value.isNull();
        for (JsonNode element : value) {
            hasNull |= element.isNull();
        }
        if (hasNull) {
            throw new IllegalArgumentException(
                    "node options: expected a value for '%s', got null; leave it out for its default"
                            .formatted(name));
        }
    }

    private static String kindOf(JsonNode tree) {
        return tree.isMissingNode()
                ? "nothing"
                : tree.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /** All options as JSON; {@link #fromJson} of it gives equal options. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("options are always printable", impossible);
        }
    }

    /** The directory of this node's files: the data directory, or the instance's part of it. */
    @JsonIgnore
    Path directory() {
        return instanceKey.isEmpty() ? Path.of(dataDir) : Path.of(dataDir, instanceKey);
    }

    @JsonIgnore
    FsyncPolicy fsyncPolicy() {
        return parseFsync(fsync);
    }

    @JsonIgnore
    ProtocolOptions protocol() {
        return new ProtocolOptions(
                clientHost,
                frameBytesMax,
                connectionsMax,
                inFlightRequestsMax,
                inFlightBytesMax,
                idleMillis,
                frameMillis,
                slowReaderMillis);
    }

    @JsonIgnore
    ConsoleOptions console() {
        return new ConsoleOptions(httpHost, httpPort, httpConnectionsMax, httpRequestMillis);
    }

    @JsonIgnore
    ReadRule readRule() {
        return readRule(reads);
    }

    private static ReadRule readRule(String text) {
        if (!List.of("strictly-at-once", "at-least-once").contains(text)) {
            throw new IllegalArgumentException(
                    "reads: expected strictly-at-once or at-least-once, got '" + text + "'");
        }
        return ReadRule.of(text);
    }

    private static FsyncPolicy parseFsync(String text) {
        try {
            if (text.equals("each")) {
                return FsyncPolicy.each();
            }
            if (text.equals("none")) {
                return FsyncPolicy.none();
            }
            if (text.startsWith("window:")) {
                return FsyncPolicy.window(millis(text.substring("window:".length())));
            }
            return FsyncPolicy.every(millis(text));
        } catch (NumberFormatException unreadable) {
            throw new IllegalArgumentException(
                    "fsync: expected each, none, window:<ms> or <ms>, got '" + text + "'");
        }
    }

    private static Duration millis(String text) {
        long millis = Long.parseLong(text);
        if (millis < 1) {
            throw new NumberFormatException();
        }
        return Duration.ofMillis(millis);
    }

    /** These options with some of them changed: {@code DEFAULTS.with(d -> d.clientPort = 0)}. */
    public NodeOptions with(java.util.function.Consumer<Draft> change) {
        Draft draft = Draft.of(this);
        change.accept(draft);
        return draft.build();
    }

    /**
     * Options on their way; the fields are those of {@link NodeOptions}, checked by {@link #build}.
     */
    public static final class Draft {
        public int nodeId;
        public String dataDir;
        public String instanceKey;
        public String clientHost;
        public int clientPort;
        public String raftHost;
        public int raftPort;
        public String raftAdvertiseHost;
        public String clientAdvertise;
        public List<String> join;
        public String clusterSecret;
        public boolean allowInsecure;
        public String fsync;
        public String reads;
        public long segmentEntriesMax;
        public long segmentBytesMax;
        public long monitorMillis;
        public long rpcTimeoutMillis;
        public int frameBytesMax;
        public int connectionsMax;
        public int topicsMax;
        public int inFlightRequestsMax;
        public int inFlightBytesMax;
        public long idleMillis;
        public long frameMillis;
        public long slowReaderMillis;
        public int storageWorkers;
        public String httpHost;
        public int httpPort;
        public int httpConnectionsMax;
        public long httpRequestMillis;
        public boolean httpTls;
        public String tlsCert;
        public String tlsKey;
        public String tlsCa;
        public String tokensFile;

        private static Draft of(NodeOptions from) {
            return JSON.convertValue(from, Draft.class);
        }

        NodeOptions build() {
            return new NodeOptions(
                    nodeId,
                    dataDir,
                    instanceKey,
                    clientHost,
                    clientPort,
                    raftHost,
                    raftPort,
                    raftAdvertiseHost,
                    clientAdvertise,
                    join,
                    clusterSecret,
                    allowInsecure,
                    fsync,
                    reads,
                    segmentEntriesMax,
                    segmentBytesMax,
                    monitorMillis,
                    rpcTimeoutMillis,
                    frameBytesMax,
                    connectionsMax,
                    topicsMax,
                    inFlightRequestsMax,
                    inFlightBytesMax,
                    idleMillis,
                    frameMillis,
                    slowReaderMillis,
                    storageWorkers,
                    httpHost,
                    httpPort,
                    httpConnectionsMax,
                    httpRequestMillis,
                    httpTls,
                    tlsCert,
                    tlsKey,
                    tlsCa,
                    tokensFile);
        }
    }
}
