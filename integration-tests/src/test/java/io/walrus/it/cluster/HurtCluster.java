package io.walrus.it.cluster;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.walrus.it.disk.LoopDisk;
import io.walrus.it.process.NodeUnderTest;
import io.walrus.it.process.Wire;
import io.walrus.metadata.raft.RaftMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Nodes as processes, which reach each other through proxies only, while clients reach them
 * directly. One thread hurts them; any thread may ask for ports. A cluster that is closed before
 * the test has said that it {@link #passed} leaves evidence beside the nodes' files.
 */
final class HurtCluster implements AutoCloseable, TcpProxy.Faults {

    /** A way from one node to another. */
    private record Way(int from, int to) {}

    private static final Duration VOTERS_WAIT = Duration.ofMinutes(1);

    /** A JVM writes its dump in less. */
    private static final long DUMP_NANOS = 1_000_000_000;

    private static final class Member {
        private final int clientPort;
        private final int raftPort;
        private final TcpProxy clients;
        private final TcpProxy raft;
        private volatile NodeUnderTest process;

        Member(int clientPort, int raftPort, TcpProxy clients, TcpProxy raft) {
            this.clientPort = clientPort;
            this.raftPort = raftPort;
            this.clients = clients;
            this.raft = raft;
        }
    }

    private final Path dir;
    private final Map<String, String> environment;

    /** The disks of nodes that have one of their own, by node. */
    private final Map<Integer, LoopDisk> disks;

    private final Set<Integer> left = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Member> members = new TreeMap<>();
    private final Set<Way> swallowed = ConcurrentHashMap.newKeySet();
    private volatile long delayMillis;
    private boolean hasPassed;

    private HurtCluster(Path dir, Map<String, String> environment, Map<Integer, LoopDisk> disks) {
        this.disks = disks;
        this.dir = dir;
        this.environment = environment;
    }

    static HurtCluster start(int size, Path dir, Map<String, String> environment)
            throws IOException {
        return start(size, dir, environment, Map.of());
    }

    /**
     * @param disks whoever is named here keeps its files there
     */
    static HurtCluster start(
            int size, Path dir, Map<String, String> environment, Map<Integer, LoopDisk> disks)
            throws IOException {
        var cluster = new HurtCluster(dir, environment, disks);
        try {
            for (int id = 1; id <= size; id++) {
                cluster.add(id);
            }
            // Before, a node that is hurt may take the majority with it.
            await().atMost(VOTERS_WAIT).until(() -> cluster.votersOfLeader() == size);
            return cluster;
        } catch (IOException | RuntimeException failed) {
            cluster.close();
            throw failed;
        }
    }

    /** How many vote in the metadata group, as its leader has it; 0: nobody says that it leads. */
    private int votersOfLeader() throws IOException {
        for (int id : ids()) {
            var metrics = new JsonObject(ask(id, "METRICS"));
            if (metrics.getString("state").equalsIgnoreCase("leader")) {
                return metrics.getJsonObject("membership_config")
                        .getJsonObject("membership")
                        .getJsonArray("configs")
                        .getJsonArray(0)
                        .size();
            }
        }
        return 0;
    }

    /** Starts one more node, which joins by the first one; or one again that has left. */
    void add(int id) throws IOException {
        if (!left.remove(id)) {
            addMember(id);
        }
        launch(id);
        awaitReady(id);
    }

    private void addMember(int id) throws IOException {
        int clientPort = freePort();
        int raftPort = freePort();
        synchronized (members) {
            members.put(
                    id,
                    new Member(
                            clientPort,
                            raftPort,
                            new TcpProxy(id, clientPort, this, this::nodeOfPort),
                            new TcpProxy(id, raftPort, this, this::nodeOfPort)));
        }
    }

    /** The node has left the cluster and ends by itself; clients look for others. */
    int awaitLeft(int id) {
        left.add(id);
        return member(id).process.awaitExit();
    }

    /** The disk that the node has for itself; empty if it shares ours. */
    Optional<LoopDisk> disk(int id) {
        return Optional.ofNullable(disks.get(id));
    }

    boolean isRunning(int id) {
        return member(id).process.isAlive();
    }

    private Path dataDir(int id) {
        return disk(id).map(disk -> disk.dir().resolve("data" + id))
                .orElse(dir.resolve("data" + id));
    }

    /** Members come back on their ports. */
    private static int freePort() throws IOException {
        return RaftMetadata.freePort("127.0.0.1");
    }

    List<Integer> ids() {
        synchronized (members) {
            return members.keySet().stream().filter(id -> !left.contains(id)).toList();
        }
    }

    private Member member(int id) {
        synchronized (members) {
            return members.get(id);
        }
    }

    int clientPort(int id) {
        return member(id).clientPort;
    }

    /** One request on a connection of its own. */
    String ask(int id, String request) throws IOException {
        try (var wire = new Wire(clientPort(id))) {
            return wire.ask(request);
        }
    }

    /** Starts the process and does not wait: it may need others to become ready. */
    void launch(int id) {
        Member member = member(id);
        var flags = new ArrayList<String>();
        flags.addAll(List.of("--node-id", Integer.toString(id)));
        flags.addAll(List.of("--data-dir", dataDir(id).toString()));
        flags.addAll(List.of("--client-port", Integer.toString(member.clientPort)));
        flags.addAll(List.of("--raft-port", Integer.toString(member.raftPort)));
        flags.addAll(List.of("--client-advertise", "127.0.0.1:" + member.clients.port()));
        flags.addAll(List.of("--raft-advertise-host", "127.0.0.1:" + member.raft.port()));
        flags.addAll(List.of("--log-file", dir.resolve("node" + id + ".log").toString()));
        if (id > 1) {
            flags.addAll(List.of("--join", "127.0.0.1:" + member(1).raft.port()));
        }
        member.process = NodeUnderTest.launch(environment, flags);
    }

    void awaitReady(int id) {
        member(id).process.awaitReady();
    }

    /** SIGKILL. */
    void kill(int id) {
        member(id).process.kill();
    }

    /** SIGTERM, and waits. */
    int terminate(int id) {
        return member(id).process.terminate();
    }

    /** SIGSTOP: the node neither acts nor hears, and its clocks go on. */
    void pause(int id) throws IOException {
        signal(id, "-STOP");
    }

    void resume(int id) throws IOException {
        signal(id, "-CONT");
    }

    /** A thread dump goes to the node's output. */
    void dumpThreads(int id) throws IOException {
        signal(id, "-QUIT");
    }

    private void signal(int id, String signal) throws IOException {
        try {
            new ProcessBuilder("kill", signal, Long.toString(member(id).process.pid()))
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    List<String> said(int id) {
        return member(id).process.said();
    }

    /** The node does not hear the others. */
    void cutIn(int id) {
        ids().forEach(other -> swallowed.add(new Way(other, id)));
    }

    /** The others do not hear the node. */
    void cutOut(int id) {
        ids().forEach(other -> swallowed.add(new Way(id, other)));
    }

    void delay(long millis) {
        delayMillis = millis;
    }

    void resetAll() {
        ids().forEach(
                        id -> {
                            member(id).clients.resetAll();
                            member(id).raft.resetAll();
                        });
    }

    /** The network is whole again. */
    void heal() {
        swallowed.clear();
        delayMillis = 0;
        ids().forEach(
                        id -> {
                            member(id).clients.healed();
                            member(id).raft.healed();
                        });
    }

    @Override
    public boolean swallows(int from, int to) {
        return !swallowed.isEmpty() && swallowed.contains(new Way(from, to));
    }

    @Override
    public long delayMillis() {
        return delayMillis;
    }

    private int nodeOfPort(int port) {
        for (int id : ids()) {
            NodeUnderTest process = member(id).process;
            if (process != null && PortOwner.owns(process.pid(), port)) {
                return id;
            }
        }
        return 0;
    }

    /** What was to be shown is shown. */
    void passed() {
        hasPassed = true;
    }

    /** What the nodes said and what their threads do, which is lost with them. */
    private void keepEvidence() throws IOException {
        for (int id : ids()) {
            if (isRunning(id)) {
                resume(id);
                dumpThreads(id);
            }
        }
        LockSupport.parkNanos(DUMP_NANOS);
        for (int id : ids()) {
            Files.write(dir.resolve("node" + id + ".out"), said(id));
        }
        System.err.println("[WARN] files, logs and thread dumps of the nodes are kept in " + dir);
    }

    @Override
    public void close() throws IOException {
        if (!hasPassed) {
            keepEvidence();
        }
        for (Member member : members.values()) {
            if (member.process != null) {
                member.process.close();
            }
            member.clients.close();
            member.raft.close();
        }
    }
}
