package io.walrus.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.walrus.metadata.SegmentState;
import io.walrus.node.storage.AppendOutcome;
import io.walrus.node.storage.StorageObserver;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one node, and the page that Prometheus reads.
 *
 * <p>Any thread may count; counting takes no lock. {@link #page} looks at the disk and may block.
 */
public final class NodeMetrics implements StorageObserver {

    private static final Duration[] STEPS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(300_000),
        Duration.ofMillis(1),
        Duration.ofMillis(3),
        Duration.ofMillis(10),
        Duration.ofMillis(30),
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10)
    };
    private static final double NANOS_PER_SECOND = 1e9;

    private final Vitals vitals;
    private final EventLog events;
    private final PrometheusMeterRegistry registry;
    private final LongAdder entries = new LongAdder();
    private final LongAdder repeats = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LatencyCounts appendTimes = new LatencyCounts();
    private final LatencyCounts syncTimes = new LatencyCounts();
    private final AtomicLong unsyncedSinceNanos = new AtomicLong();
    private final Timer append;
    private final Timer sync;
    private final Timer rollover;
    private final Counter rollovers;
    private final Counter failed;
    private final Counter fenced;
    private final MultiGauge lags;

    public NodeMetrics(Vitals vitals, EventLog events) {
        this.vitals = vitals;
        this.events = events;
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags("node", Integer.toString(vitals.facts().nodeId()));
        append = timer(MetricName.APPEND);
        sync = timer(MetricName.SYNC);
        rollover = timer(MetricName.ROLLOVER);
        rollovers = counter(MetricName.ROLLOVERS);
        failed = counter(MetricName.APPENDS_FAILED);
        fenced = counter(MetricName.FENCED_WRITES);
        lags =
                MultiGauge.builder(MetricName.CURSOR_LAG.id)
                        .description(MetricName.CURSOR_LAG.help)
                        .register(registry);
        count(MetricName.APPENDED_ENTRIES, node -> entries.sum());
        count(MetricName.REPEATED_ENTRIES, node -> repeats.sum());
        count(MetricName.APPENDED_BYTES, node -> bytes.sum());
        count(MetricName.FORWARDED_ENTRIES, Vitals::forwardedEntries);
        count(MetricName.FORWARDED_REQUESTS, Vitals::forwardedQuestions);
        registerLog();
        registerCluster();
        registerDoors();
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private void registerLog() {
        gauge(MetricName.UNSYNCED_AGE, node -> unsyncedAgeNanos() / NANOS_PER_SECOND);
        gauge(MetricName.STORAGE_FAILED, node -> node.log().failed() ? 1 : 0);
        gauge(MetricName.STREAMS, node -> node.log().topics());
        gauge(MetricName.LOG_SIZE, node -> node.log().bytesOnDisk());
        gauge(MetricName.DISK_FREE, node -> node.disk().free());
        gauge(MetricName.RECOVERY, node -> node.recovery().took().toNanos() / NANOS_PER_SECOND);
        gauge(
                MetricName.RECOVERY_CUT,
                node -> node.recovery().cuts().stream().mapToLong(cut -> cut.bytes()).sum());
        gauge(MetricName.RECOVERY_DAMAGED, node -> node.recovery().damages().size());
    }

    private void registerCluster() {
        gauge(MetricName.LEASE_LEFT, node -> Math.max(0, node.leaseNanosLeft()) / NANOS_PER_SECOND);
        gauge(MetricName.TOPICS, node -> node.view().topics().size());
        gauge(MetricName.LED_SEGMENTS, NodeMetrics::segmentsLed);
        gauge(MetricName.LIVE_NODES, node -> node.liveNodes().size());
        gauge(MetricName.RAFT_LEADER, node -> node.raft().leader());
        gauge(MetricName.RAFT_TERM, node -> node.raft().term());
        gauge(MetricName.RAFT_LAST_INDEX, node -> node.raft().lastLogIndex());
        gauge(MetricName.RAFT_APPLIED_INDEX, node -> node.raft().lastAppliedIndex());
    }

    private void registerDoors() {
        gauge(MetricName.CONNECTIONS, node -> node.clientDoor().open());
        count(MetricName.CONNECTIONS_REFUSED, node -> node.clientDoor().refusals());
        count(MetricName.CONNECTIONS_LATE, node -> node.clientDoor().lateOnes());
        gauge(MetricName.HTTP_CONNECTIONS, node -> node.httpDoor().open());
        count(MetricName.HTTP_CONNECTIONS_REFUSED, node -> node.httpDoor().refusals());
        count(MetricName.HTTP_CONNECTIONS_LATE, node -> node.httpDoor().lateOnes());
    }

    private static double segmentsLed(Vitals node) {
        return node.view().topics().values().stream()
                .map(topic -> topic.lastSegment())
                .filter(last -> last.state() == SegmentState.OPEN)
                .filter(last -> last.leaderNode() == node.facts().nodeId())
                .count();
    }

    private Timer timer(MetricName name) {
        return Timer.builder(name.id)
                .description(name.help)
                .serviceLevelObjectives(STEPS)
                .register(registry);
    }

    private Counter counter(MetricName name) {
        return Counter.builder(name.id).description(name.help).register(registry);
    }

    private void count(MetricName name, ToDoubleFunction<Vitals> value) {
        io.micrometer.core.instrument.FunctionCounter.builder(name.id, vitals, value)
                .description(name.help)
                .baseUnit(name.unit.isEmpty() ? null : name.unit)
                .register(registry);
    }

    private void gauge(MetricName name, ToDoubleFunction<Vitals> value) {
        Gauge.builder(name.id, vitals, value)
                .description(name.help)
                .baseUnit(name.unit.isEmpty() ? null : name.unit)
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void appended(String topic, int count, long payloadBytes, long nanos) {
        entries.add(count);
        bytes.add(payloadBytes);
        append.record(Duration.ofNanos(nanos));
        appendTimes.record(nanos);
        if (unsyncedSinceNanos.get() == 0) {
            unsyncedSinceNanos.compareAndSet(0, System.nanoTime());
        }
    }

    @Override
    public void repeated(int count) {
        repeats.add(count);
    }

    @Override
    public void notAppended(AppendOutcome outcome) {
        failed.increment();
    }

    @Override
    public void fenced() {
        fenced.increment();
    }

    @Override
    public void synced(long nanos) {
        sync.record(Duration.ofNanos(nanos));
        syncTimes.record(nanos);
        unsyncedSinceNanos.set(0);
    }

    @Override
    public void failed(Throwable cause) {
        events.add("storage", "the log has failed: " + cause.getMessage());
    }

    /** A full segment was handed on, or not, after so long. */
    public void rolledOver(long nanos) {
        rollovers.increment();
        rollover.record(Duration.ofNanos(nanos));
    }

    private double unsyncedAgeNanos() {
        long since = unsyncedSinceNanos.get();
        return since == 0 || vitals.facts().fsync().equals("each") ? 0 : System.nanoTime() - since;
    }

    long entries() {
        return entries.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    LatencyCounts appendTimes() {
        return appendTimes;
    }

    LatencyCounts syncTimes() {
        return syncTimes;
    }

    /** All metrics in Prometheus' text format, version 0.0.4. */
    public String page(java.util.List<CursorLag> cursors) {
        lags.register(
                cursors.stream()
                        .map(
                                lag ->
                                        MultiGauge.Row.of(
                                                Tags.of(
                                                        "topic",
                                                        lag.topic(),
                                                        "cursor",
                                                        lag.cursor()),
                                                lag.lag()))
                        .toList(),
                true);
        return registry.scrape();
    }
}
