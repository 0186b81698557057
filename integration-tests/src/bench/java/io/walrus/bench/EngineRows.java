package io.walrus.bench;

import static io.walrus.bench.child.Task.Kind.APPEND;
import static io.walrus.bench.child.Task.Kind.CONSUME;
import static io.walrus.bench.child.Task.Kind.FILL;
import static io.walrus.bench.child.Task.Kind.FLIGHT;
import static io.walrus.bench.child.Task.Kind.OPEN;
import static io.walrus.bench.child.Task.Kind.SCAN;
import static io.walrus.bench.engine.Durability.EACH;
import static io.walrus.bench.engine.Durability.EVERY;
import static io.walrus.bench.engine.Durability.NONE;

import io.walrus.bench.child.Findings;
import io.walrus.bench.child.Task;
import java.util.ArrayList;
import java.util.List;

/** The questions about the log engine, with their references, their aims and who takes part. */
final class EngineRows {
    private static final String RATE = "rate";
    private static final List<String> COSTS = List.of("allocatedBytesPerOperation", "cpuMicrosPerOperation");
    private static final List<String> TIMES =
            List.of("p50Micros", "p99Micros", "allocatedBytesPerOperation", "cpuMicrosPerOperation");

    private final BenchOptions options;

    private EngineRows(BenchOptions options) {
        this.options = options;
    }

    static List<Row> all(BenchOptions options) {
        EngineRows rows = new EngineRows(options);
        return List.of(
                rows.noSync(),
                rows.durable(10, 1.7),
                rows.durable(100, 4),
                rows.inFlight(),
                rows.manyTopics(),
                rows.readBack(),
                rows.reopen(),
                rows.smallTopics(),
                rows.consume("consume-each", "strictly-at-once consuming reads, cursor durable before each entry", 30_000),
                rows.consume("consume-every", "strictly-at-once consuming reads, cursors flushed every 200 ms", 500_000),
                rows.allocation());
    }

    private Row noSync() {
        Task task = Task.of(APPEND).with("durability", NONE);
        List<Contestant> all = new ArrayList<>(engines(task, "pwrite", "walrus", "walrus-channel"));
        all.add(Contestant.of("walrus", task.with("durability", EVERY)).called("walrus-every"));
        all.addAll(engines(task, "mapped", "chronicle", "rocksdb", "artemis-aio", "artemis-nio", "artemis-mapped",
                "kafka", "kafka-default"));
        return appends("no-sync", "no sync, 10 threads, own topic each", "pwrite", COSTS, new Aim.RatioAtLeast(2.5), all);
    }

    private Row durable(int threads, double times) {
        Task task = Task.of(APPEND).with("durability", EACH).with("threads", threads).with("topics", threads);
        List<Contestant> all = engines(task, "osync", "walrus", "walrus-channel", "odsync", "mapped", "chronicle",
                "rocksdb", "artemis-aio", "artemis-nio", "artemis-mapped", "kafka");
        return appends("durable-" + threads, "durable before each ack, " + threads + " threads, own topic each", "osync",
                TIMES, new Aim.RatioAtLeast(times), all);
    }

    private Row inFlight() {
        Task task = Task.of(FLIGHT).with("durability", EACH).with("inFlight", 100);
        List<Contestant> all = new ArrayList<>();
        all.add(Contestant.of("osync", Task.of(APPEND).with("durability", EACH)));
        all.addAll(engines(task, "walrus", "walrus-channel", "artemis-aio", "artemis-nio", "artemis-mapped", "kafka"));
        return appends("in-flight-1000",
                "durable, 10 topics, 100 appends in flight each; the reference has 10 threads, one append each", "osync",
                TIMES, new Aim.RatioAtLeast(4), all);
    }

    private Row manyTopics() {
        Task threads = Task.of(APPEND).with("durability", EACH).with("threads", 1000).with("topics", 1000);
        Task loop = Task.of(FLIGHT).with("durability", EACH).with("threads", 2).with("topics", 1000).with("inFlight", 1);
        List<Contestant> all = new ArrayList<>(engines(threads, "osync"));
        all.add(Contestant.of("walrus", loop));
        all.add(Contestant.of("walrus", threads).called("walrus-threads"));
        all.addAll(engines(threads, "odsync", "rocksdb"));
        all.add(Contestant.of("artemis-aio", loop));
        return appends("topics-1000", "1,000 topics, one durable append in flight each", "osync", TIMES,
                new Aim.RatioAtLeast(5), all);
    }

    private Row readBack() {
        Task task = Task.of(SCAN).with("threads", 1).with("topics", 1).with("fillBytes", options.fillBytes() / 2);
        return new Row("read-back", "sequential read of one topic, warm, every checksum verified", RATE, "entries/s",
                "mapped", COSTS, List.of(new Aim.RatioAtLeast(0.5)),
                engines(task, "mapped", "walrus", "walrus-channel", "chronicle", "kafka"), Rig::run);
    }

    private Row reopen() {
        Task ten = Task.of(FILL).with("durability", EVERY).with("fillBytes", options.fillBytes()).with("engine", "walrus");
        Task many = ten.with("topics", 64);
        List<Contestant> all = List.of(
                new Contestant("walrus", ten),
                new Contestant("walrus-each", ten.with("durability", EACH)),
                new Contestant("walrus-one-topic", ten.with("topics", 1)),
                new Contestant("walrus-sealed", many.with("sealedTopics", 63)),
                new Contestant("walrus-channel", ten.with("engine", "walrus-channel")));
        return new Row("reopen",
                "open after kill -9 in the middle of appending, " + (options.fillBytes() >> 20) + " MiB written", "openMillis",
                "ms", "", List.of("firstUseMillis", "entries", "heapUsedMib"), List.of(new Aim.AtMost("openMillis", 2000)),
                all, EngineRows::killAndOpen);
    }

    private static Findings killAndOpen(Rig rig, Contestant contestant) throws ForkFailed {
        rig.runAndKill(contestant.task());
        return rig.run(contestant.task().with("kind", OPEN), List.of());
    }

    private Row smallTopics() {
        Task task = Task.of(FILL).with("durability", EVERY).with("topics", options.smallTopics())
                .with("entriesPerTopic", 10).with("closes", true);
        return new Row("small-topics", options.smallTopics() + " topics of 10 entries, opened with -Xmx300m", "openMillis",
                "ms", "", List.of("diskBytesPerTopic", "firstUseMillis", "heapUsedMib", "heapPeakMib"),
                List.of(new Aim.AtMost("openMillis", 5000), new Aim.AtMost("diskBytesPerTopic", 65_536),
                        new Aim.AtMost("heapUsedMib", 300)),
                engines(task, "walrus", "walrus-channel"), this::fillAndOpen);
    }

    private Findings fillAndOpen(Rig rig, Contestant contestant) throws ForkFailed {
        Findings filled = rig.run(contestant);
        double perTopic = (double) rig.diskBytes() / contestant.task().topics();
        Findings opened = rig.run(contestant.task().with("kind", OPEN), List.of("-Xms64m", "-Xmx300m"));
        return new Findings().putAll(filled).putAll(opened).put("diskBytesPerTopic", perTopic);
    }

    private Row consume(String name, String title, double entriesPerSecond) {
        boolean each = name.endsWith("each");
        Task task = Task.of(CONSUME).with("durability", each ? EACH : EVERY).with("fillBytes", options.fillBytes());
        List<Contestant> all = new ArrayList<>(engines(task, "walrus", "walrus-channel", "walrus-batches"));
        if (!each) {
            all.addAll(engines(task, "chronicle"));
        }
        return new Row(name, title + ", 10 threads", RATE, "entries/s", "", COSTS,
                List.of(new Aim.AtLeast(RATE, entriesPerSecond)), all, Rig::run);
    }

    private Row allocation() {
        Task task = Task.of(APPEND).with("threads", 1).with("topics", 1);
        List<Contestant> all = new ArrayList<>(engines(task, "pwrite", "walrus", "walrus-channel", "mapped", "chronicle",
                "rocksdb"));
        all.add(Contestant.of("walrus", task.with("durability", EACH)).called("walrus-each"));
        return new Row("allocation", "bytes allocated per append, all threads of the JVM, one appender",
                "allocatedBytesPerOperation", "B/op", "", List.of(RATE, "cpuMicrosPerOperation"), List.of(), all, Rig::run);
    }

    private static Row appends(
            String name, String title, String reference, List<String> extras, Aim aim, List<Contestant> contestants) {
        return new Row(name, title, RATE, "appends/s", reference, extras, List.of(aim), contestants, Rig::run);
    }

    private static List<Contestant> engines(Task task, String... names) {
        List<Contestant> all = new ArrayList<>();
        for (String name : names) {
            all.add(Contestant.of(name, task));
        }
        return all;
    }
}
