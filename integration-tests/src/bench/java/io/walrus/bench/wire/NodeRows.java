package io.walrus.bench.wire;

import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.Wal;
import io.walrus.wal.WalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** A node beside a bare echo, beside the engine without a network, and beside itself one hop away. */
final class NodeRows {
    private static final int CONNECTIONS = 10;
    private static final int IN_FLIGHT = 100;
    private static final int EMBEDDED_BATCH = 100;
    private static final int TOPICS_EACH = 100;
    private static final Pattern LEADER = Pattern.compile("\"leader_node\":(\\d+)");
    private static final double MICROS = 1_000;
    private static final long TAKEOVER_NANOS_MAX = 60_000_000_000L;

    private NodeRows() {}

    static List<WireRow> all() {
        return List.of(pipelined(), oneInFlight(), forwarded(), rollover(), plannedStop(), takeover(), manyTopics(), idle());
    }

    private static WireRow pipelined() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus", setting -> {
            try (Server node = Server.node(setting.dir(), Map.of(), "--fsync", "none")) {
                return pipelined(setting, node.port(), true);
            }
        });
        who.put("echo", setting -> {
            try (Server echo = Server.echo()) {
                return pipelined(setting, echo.port(), false);
            }
        });
        who.put("embedded", NodeRows::embedded);
        return new WireRow("pipelined", "PUT of 1 KiB, 10 connections × 100 in flight, own topic each, no sync", "entries/s", who, List.of(0.2, 0.5), false);
    }

    private static double pipelined(WireBench.Setting setting, int port, boolean isNode) throws Exception {
        return Load.perSecond(CONNECTIONS, setting, (thread, clock, done) -> {
            try (Driver driver = new Driver(port)) {
                if (isNode) {
                    driver.ask("REGISTER t" + thread);
                }
                driver.pipeline(Driver.frame("PUT", "t" + thread), IN_FLIGHT, clock.start(), done);
            }
        });
    }

    /** The same entries in the same batches, handed to the engine in this process. */
    private static double embedded(WireBench.Setting setting) throws Exception {
        Path dir = Files.createTempDirectory(setting.dir(), "embedded");
        byte[] payload = new byte[1024];
        List<java.nio.ByteBuffer> batch = Stream.generate(() -> java.nio.ByteBuffer.wrap(payload)).limit(EMBEDDED_BATCH).toList();
        try (Wal wal = Wal.open(WalOptions.in(dir).fsync(FsyncPolicy.none()))) {
            return Load.perSecond(CONNECTIONS, setting, (thread, clock, done) -> {
                wal.appendBatch("t" + thread, batch);
                long deadline = clock.start();
                while (System.nanoTime() - deadline < 0) {
                    wal.appendBatch("t" + thread, batch);
                    done.accept(EMBEDDED_BATCH);
                }
            });
        } finally {
            remove(dir);
        }
    }

    private static void remove(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static WireRow oneInFlight() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus", setting -> {
            try (Server node = Server.node(setting.dir(), Map.of(), "--fsync", "none"); Driver driver = new Driver(node.port())) {
                driver.ask("REGISTER t");
                return latencies(setting, driver, Driver.frame("PUT", "t")).getValueAtPercentile(99) / MICROS;
            }
        });
        who.put("echo", setting -> {
            try (Server echo = Server.echo(); Driver driver = new Driver(echo.port())) {
                return latencies(setting, driver, Driver.frame("PUT", "t")).getValueAtPercentile(99) / MICROS;
            }
        });
        return new WireRow("one-in-flight", "PUT of 1 KiB, one in flight, no sync: the time that 99 % did not exceed", "µs", who, List.of(2.0), true);
    }

    private static WireRow forwarded() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus, asked at another node", setting -> viaNode(setting, false));
        who.put("walrus, asked at the leader", setting -> viaNode(setting, true));
        return new WireRow("forwarded", "PUT of 1 KiB through a node that does not lead the topic, one in flight, no sync: median time", "µs", who, List.of(2.5), true);
    }

    private static double viaNode(WireBench.Setting setting, boolean atLeader) throws Exception {
        try (Server one = Server.node(setting.dir(), Map.of(), "--fsync", "none");
                Server two = Server.node(setting.dir(), Map.of(), "--fsync", "none", "--node-id", "2", "--join", one.raft());
                Driver first = new Driver(one.port());
                Driver second = new Driver(two.port())) {
            first.ask("REGISTER t");
            Matcher leader = LEADER.matcher(first.ask("STATE t"));
            boolean isFirst = leader.find() && leader.group(1).equals("1");
            return latencies(setting, isFirst == atLeader ? first : second, Driver.frame("PUT", "t")).getValueAtPercentile(50) / MICROS;
        }
    }

    /** Behind the warm-up, in nanoseconds. */
    private static Histogram latencies(WireBench.Setting setting, Driver driver, byte[] frame) throws IOException {
        long begin = System.nanoTime() + Load.nanos(setting.warmupSeconds());
        return latencies(driver, frame, begin, begin + Load.nanos(setting.seconds()));
    }

    private static Histogram latencies(Driver driver, byte[] frame, long begin, long end) throws IOException {
        Histogram times = new Histogram(3);
        long now = System.nanoTime();
        while (now - end < 0) {
            String reply = driver.send(frame);
            long answered = System.nanoTime();
            if (reply.startsWith("ERR")) {
                throw new IOException("the server said: " + reply);
            }
            if (now - begin >= 0) {
                times.recordValue(answered - now);
            }
            now = answered;
        }
        return times;
    }

    private static WireRow rollover() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus", setting -> {
            try (Server one = Server.node(setting.dir(), Map.of("WALRUS_MAX_SEGMENT_ENTRIES", "1000"), "--fsync", "none");
                    Driver driver = new Driver(one.port())) {
                driver.ask("REGISTER t");
                return pauses(setting, driver).getValueAtPercentile(99) / MICROS / 1_000;
            }
        });
        return new WireRow("rollover", "the wait of the request that a rollover falls on, segments of 1,000 entries, one node: 99 % did not exceed", "ms", who, List.of(50.0), true);
    }

    /** APPEND tells the segment: the first entry of a new one is the one that waited. */
    private static Histogram pauses(WireBench.Setting setting, Driver driver) throws IOException {
        Histogram pauses = new Histogram(3);
        byte[] frame = Driver.frame("APPEND", "t");
        long begin = System.nanoTime() + Load.nanos(setting.warmupSeconds());
        long end = begin + Load.nanos(setting.seconds());
        String segment = "";
        long now = System.nanoTime();
        while (now - end < 0) {
            String reply = driver.send(frame);
            long answered = System.nanoTime();
            String[] words = reply.split(" ");
            if (!words[0].equals("OK")) {
                throw new IOException("the server said: " + reply);
            }
            if (!segment.isEmpty() && !segment.equals(words[1]) && now - begin >= 0) {
                pauses.recordValue(answered - now);
            }
            segment = words[1];
            now = answered;
        }
        return pauses;
    }

    private static WireRow plannedStop() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus", setting -> whenTheLeaderEnds(setting, Server::terminate, NodeRows::longestWait));
        return new WireRow("planned-stop", "the longest wait of a PUT, one in flight, through another node, while the topic's leader gets SIGTERM, three nodes", "ms", who, List.of(200.0), true);
    }

    private static WireRow takeover() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus", setting -> whenTheLeaderEnds(setting, Server::kill, NodeRows::untilWritable));
        return new WireRow("takeover", "from SIGKILL of the topic's leader until a PUT through another node is acknowledged, three nodes", "ms", who, List.of(3_000.0), true);
    }

    /** What a writer sees through a node that does not lead the topic. */
    @FunctionalInterface
    private interface Watch {
        double millis(WireBench.Setting setting, Driver driver) throws IOException;
    }

    private static double whenTheLeaderEnds(WireBench.Setting setting, Consumer<Server> end, Watch watch) throws Exception {
        try (Server one = Server.node(setting.dir(), Map.of());
                Server two = Server.node(setting.dir(), Map.of(), "--node-id", "2", "--join", one.raft());
                Server three = Server.node(setting.dir(), Map.of(), "--node-id", "3", "--join", one.raft())) {
            List<Server> nodes = List.of(one, two, three);
            int leader = 1;
            try (Driver first = new Driver(one.port())) {
                first.ask("REGISTER t");
                Matcher found = LEADER.matcher(first.ask("STATE t"));
                leader = found.find() ? Integer.parseInt(found.group(1)) : leader;
            }
            try (Driver driver = new Driver(nodes.get(leader % nodes.size()).port())) {
                latencies(setting, driver, Driver.frame("PUT", "t"));
                end.accept(nodes.get(leader - 1));
                return watch.millis(setting, driver);
            }
        }
    }

    private static double longestWait(WireBench.Setting setting, Driver driver) throws IOException {
        long now = System.nanoTime();
        return latencies(driver, Driver.frame("PUT", "t"), now, now + Load.nanos(setting.seconds())).getMaxValue() / MICROS / 1_000;
    }

    /** What was on its way when the leader died may have been written, and is told as unknown. */
    private static double untilWritable(WireBench.Setting setting, Driver driver) throws IOException {
        long began = System.nanoTime();
        byte[] frame = Driver.frame("PUT", "t");
        while (!driver.send(frame).equals("OK")) {
            if (System.nanoTime() - began > TAKEOVER_NANOS_MAX) {
                throw new IOException("no node took over");
            }
        }
        return (System.nanoTime() - began) / MICROS / 1_000;
    }

    private static WireRow manyTopics() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus, 1,000 topics", setting -> overThreeNodes(setting, TOPICS_EACH));
        who.put("walrus, 10 topics", setting -> overThreeNodes(setting, 1));
        return new WireRow("topics-1000", "PUT of 1 KiB to three nodes, 10 connections × 100 in flight, whoever leads the topic, no sync", "entries/s", who, List.of(), false);
    }

    /** Every connection has topics of its own, and one in flight for each if there are a hundred. */
    private static double overThreeNodes(WireBench.Setting setting, int topicsEach) throws Exception {
        try (Server one = Server.node(setting.dir(), Map.of(), "--fsync", "none");
                Server two = Server.node(setting.dir(), Map.of(), "--fsync", "none", "--node-id", "2", "--join", one.raft());
                Server three = Server.node(setting.dir(), Map.of(), "--fsync", "none", "--node-id", "3", "--join", one.raft())) {
            List<Server> nodes = List.of(one, two, three);
            return Load.perSecond(CONNECTIONS, setting, (thread, clock, done) -> {
                try (Driver driver = new Driver(nodes.get(thread % nodes.size()).port())) {
                    List<byte[]> ring = new ArrayList<>();
                    for (int i = 0; i < topicsEach; i++) {
                        String topic = String.format(Locale.ROOT, "t%02d-%02d", thread, i);
                        driver.ask("REGISTER " + topic);
                        ring.add(Driver.frame("PUT", topic));
                    }
                    while (ring.size() < IN_FLIGHT) {
                        ring.add(ring.get(0));
                    }
                    driver.pipeline(ring, clock.start(), done);
                }
            });
        }
    }

    private static WireRow idle() {
        Map<String, WireRow.Script> who = new LinkedHashMap<>();
        who.put("walrus", setting -> {
            try (Server node = Server.idleNode(setting.dir()); Driver driver = new Driver(node.port())) {
                driver.ask("METRICS");
                long end = System.nanoTime() + Load.nanos(setting.warmupSeconds() + setting.seconds());
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                return node.residentMib();
            }
        });
        return new WireRow("idle", "memory that an idle node with -Xmx128m has in use", "MiB", who, List.of(200.0), true);
    }
}
