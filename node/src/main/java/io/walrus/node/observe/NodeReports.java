package io.walrus.node.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.raft.RaftStatus;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The reports of a node, each made anew from the newest views. Any thread; no I/O.
 *
 * <p>The shapes of STATE and METRICS are facts that existing clients depend on; keys may be added,
 * never changed.
 */
public final class NodeReports {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What a server tells of itself to who says hello.
     *
     * @param version of this software
     * @param frameBytesMax longest body of a request
     * @param verbs those that are served
     */
    public record Server(String version, int frameBytesMax, List<String> verbs) {}

    private final Server server;
    private final Supplier<ClusterMetadata> view;
    private final Supplier<RaftStatus> raft;
    private final OpenCounts counts;

    /** How many entries open segments have so far: their leader alone knows. */
    public interface OpenCounts {
        /** Entries that may be read; empty where another node leads it. */
        OptionalLong of(TopicMetadata topic, SegmentMetadata segment);

        /** Of all that this node leads, without a look at all topics: METRICS is asked often. */
        LongSummaryStatistics all();
    }

    public NodeReports(
            Server server,
            Supplier<ClusterMetadata> view,
            Supplier<RaftStatus> raft,
            OpenCounts counts) {
        this.server = server;
        this.view = view;
        this.raft = raft;
        this.counts = counts;
    }

    /** How a topic stands; empty if this node's view does not know it. */
    public Optional<String> state(String topic) {
        ClusterMetadata now = view.get();
        return now.topic(topic).map(known -> text(stateOf(now, known)));
    }

    private ObjectNode stateOf(ClusterMetadata now, TopicMetadata topic) {
        SegmentMetadata last = topic.lastSegment();
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("topic", topic.name());
        state.put("current_segment", last.number());
        state.put("leader_node", last.leaderNode());
        state.put("last_sealed_entry_offset", topic.sealedEndOffset());
        countOfOpen(topic).ifPresent(count -> state.put("open_segment_entries", count));
        ObjectNode sealed = state.putObject("sealed_segments");
        topic.sealedCounts().forEach((number, count) -> sealed.put(number.toString(), count));
        ObjectNode leaders = state.putObject("segment_leaders");
        topic.segmentLeaders().forEach((number, node) -> leaders.put(number.toString(), node));
        ObjectNode states = state.putObject("segment_states");
        topic.segments()
                .forEach(
                        segment ->
                                states.put(
                                        Integer.toString(segment.number()),
                                        segment.state().name().toLowerCase(Locale.ROOT)));
        ObjectNode sealing = state.putObject("sealing_segments");
        topic.segments().stream()
                .filter(segment -> segment.state() == SegmentState.SEALING && !segment.isLost(now))
                .forEach(
                        segment ->
                                sealing.put(
                                        Integer.toString(segment.number()), segment.leaderNode()));
        ArrayNode missing = state.putArray("missing_segments");
        topic.segments().stream()
                .filter(segment -> segment.isLost(now))
                .forEach(segment -> missing.add(segment.number()));
        state.put("epoch", topic.epoch());
        state.put("reads", topic.reads().word());
        return state;
    }

    private OptionalLong countOfOpen(TopicMetadata topic) {
        return topic.openSegment().map(open -> counts.of(topic, open)).orElse(OptionalLong.empty());
    }

    /** How the cluster stands, as this node knows it. */
    public String metrics() {
        RaftStatus status = raft.get();
        ObjectNode metrics = JsonNodeFactory.instance.objectNode();
        metrics.put("id", status.nodeId());
        metrics.put("state", status.role());
        metrics.put("current_term", status.term());
        metrics.put("current_leader", status.leader());
        metrics.put("last_log_index", status.lastLogIndex());
        metrics.putObject("last_applied").put("index", status.lastAppliedIndex());
        metrics.set("membership_config", membership(status));
        ObjectNode replication = metrics.putObject("replication");
        status.replicatedIndex()
                .forEach(
                        (node, index) ->
                                replication.putObject(node.toString()).put("index", index));
        ArrayNode draining = metrics.putArray("draining");
        view.get().draining().forEach(draining::add);
        LongSummaryStatistics open = counts.all();
        metrics.putObject("open_segments")
                .put("led", open.getCount())
                .put("entries", open.getSum());
        return text(metrics);
    }

    private ObjectNode membership(RaftStatus status) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        ObjectNode membership = config.putObject("membership");
        ArrayNode voters = membership.putArray("configs").addArray();
        status.voters().forEach(voters::add);
        ObjectNode nodes = membership.putObject("nodes");
        view.get().nodes().forEach((id, node) -> nodes.set(id.toString(), address(node)));
        return config;
    }

    private static ObjectNode address(NodeMetadata node) {
        ObjectNode address = JsonNodeFactory.instance.objectNode();
        address.put("addr", node.raftAddress());
        address.put("client_addr", node.clientHost() + ":" + node.clientPort());
        return address;
    }

    /** The names of all topics that the asker may know of, sorted, as a JSON array. */
    public String topics(Predicate<String> visible) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        view.get().topics().keySet().stream().filter(visible).forEach(names::add);
        return text(names);
    }

    /** What this server is. */
    public String hello(boolean wantsToken) {
        ObjectNode hello = JsonNodeFactory.instance.objectNode();
        hello.put("server", "walrus");
        hello.put("version", server.version());
        hello.put("node", raft.get().nodeId());
        hello.put("frame_bytes_max", server.frameBytesMax());
        hello.put("auth", wantsToken);
        ArrayNode verbs = hello.putArray("verbs");
        server.verbs().forEach(verbs::add);
        return text(hello);
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of JSON nodes is always printable", impossible);
        }
    }
}
