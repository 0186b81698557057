package io.walrus.node.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.walrus.metadata.TopicMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * What the HTTP port tells of a node: JSON for programs and the console, and the metrics page.
 *
 * <p>Any thread may call. Nothing is changed. {@link #metricsPage}, {@link #node} and {@link #live}
 * look at the disk's room and may block for as long as that takes; cursors come as stages.
 */
public final class Observatory {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A live picture shows this many topics; the list of topics has all. */
    private static final int LIVE_TOPICS_MAX = 200;

    private final Vitals vitals;
    private final NodeMetrics metrics;
    private final EventLog events;
    private final Pulse pulse;
    private final TopicReports topics;
    private final LongSupplier wallMillis;

    /**
     * @param wallMillis a wall clock
     */
    public Observatory(
            Vitals vitals, NodeMetrics metrics, EventLog events, LongSupplier wallMillis) {
        this.vitals = vitals;
        this.metrics = metrics;
        this.events = events;
        this.wallMillis = wallMillis;
        this.pulse = new Pulse(metrics);
        this.topics = new TopicReports(vitals);
    }

    /** Takes the reading of this second. */
    public void beat() {
        pulse.beat(wallMillis.getAsLong());
        look();
    }

    /** Who asks sees what led to the view that he sees, not only what the last beat saw. */
    private void look() {
        if (vitals.isServing()) {
            events.onView(vitals::view);
            events.onLeader(vitals.raft().leader());
        }
    }

    /** Everything that Prometheus wants to know. */
    public CompletionStage<String> metricsPage() {
        return CursorLags.of(vitals).thenApply(metrics::page);
    }

    /** Whether the node can serve, and what stands in the way. */
    public NodeHealth health() {
        return NodeHealth.of(vitals);
    }

    /** The health as JSON. */
    public String healthReport() {
        return text(healthNode());
    }

    private ObjectNode healthNode() {
        NodeHealth health = health();
        ObjectNode report = NODES.objectNode();
        report.put("ready", health.ready());
        report.put("sentence", health.sentence());
        ArrayNode problems = report.putArray("problems");
        health.problems().forEach(problems::add);
        return report;
    }

    /** This node: who it is, its disk, its log, its lease. */
    public String node() {
        return text(NodeReport.of(vitals, healthNode()));
    }

    /** The members and how the metadata group stands. */
    public String cluster() {
        return text(ClusterReport.of(vitals));
    }

    /** All topics, in short. */
    public String topics() {
        ArrayNode all = NODES.arrayNode();
        vitals.view().topics().values().forEach(topic -> all.add(topics.brief(topic)));
        return text(all);
    }

    /** One topic with all its segments; empty if this node does not know it. */
    public Optional<String> topic(String name) {
        return vitals.view().topic(name).map(topics::full).map(Observatory::text);
    }

    /** The shared cursors of the topics that this node leads. */
    public CompletionStage<String> cursors() {
        return CursorLags.of(vitals).thenApply(lags -> text(JSON.valueToTree(lags)));
    }

    /** What happened behind an event's number, oldest first. */
    public String events(long after) {
        look();
        return text(JSON.valueToTree(events.after(after)));
    }

    /** The number of the newest event. */
    public long lastEvent() {
        look();
        return events.newest();
    }

    /** The readings of the last minutes, one a second. */
    public String history() {
        return text(JSON.valueToTree(pulse.beats()));
    }

    /** One picture of everything that the console shows, with the events behind a number. */
    public CompletionStage<String> live(long eventsAfter) {
        return CursorLags.of(vitals).thenApply(lags -> text(picture(lags, eventsAfter)));
    }

    private ObjectNode picture(List<CursorLag> lags, long eventsAfter) {
        look();
        ObjectNode picture = NODES.objectNode();
        List<Pulse.Beat> beats = pulse.beats();
        picture.set("node", NodeReport.of(vitals, healthNode()));
        picture.set("cluster", ClusterReport.of(vitals));
        ArrayNode shown = picture.putArray("topics");
        vitals.view().topics().values().stream()
                .limit(LIVE_TOPICS_MAX)
                .forEach(topic -> shown.add(topics.recent(topic)));
        picture.put("topicCount", vitals.view().topics().size());
        picture.set("cursors", JSON.valueToTree(lags));
        picture.set("events", JSON.valueToTree(events.after(eventsAfter)));
        picture.set("beat", beats.isEmpty() ? null : JSON.valueToTree(beats.get(beats.size() - 1)));
        return picture;
    }

    /** True if this node knows the topic. */
    public boolean knows(String topic) {
        return vitals.view().topic(topic).map(TopicMetadata::name).isPresent();
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of JSON nodes is always printable", impossible);
        }
    }
}
