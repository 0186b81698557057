package io.walrus.node.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Three nodes as child processes, one cluster; node 1 founds it and the others join. */
final class DemoNodes implements AutoCloseable {

    static final int COUNT = 3;

    private final Path home;
    private final Map<String, String> environment;
    private final List<NodeProcess> nodes = new ArrayList<>();

    /**
     * @param home one folder and one log for each node go there
     * @param segmentEntriesMax when a segment is rolled over
     */
    DemoNodes(Path home, int segmentEntriesMax) {
        this.home = home;
        this.environment =
                Map.of(
                        "WALRUS_MAX_SEGMENT_ENTRIES",
                        Integer.toString(segmentEntriesMax),
                        "WALRUS_MONITOR_CHECK_MS",
                        "100");
    }

    void start() throws IOException {
        for (int id = 1; id <= COUNT; id++) {
            nodes.add(started(id));
        }
    }

    private NodeProcess started(int id) throws IOException {
        String join = id == 1 ? "" : "127.0.0.1:" + nodes.get(0).raftPort();
        return NodeProcess.start(id, home.resolve("node" + id), join, environment);
    }

    NodeProcess node(int id) {
        return nodes.get(id - 1);
    }

    /** Starts a killed node again on its directory. */
    NodeProcess restart(int id) throws IOException {
        nodes.set(id - 1, started(id));
        return node(id);
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
