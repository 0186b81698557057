package io.walrus.node;

import io.walrus.metadata.raft.RaftMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The ports of a cluster in one process. Metadata ports are chosen once and kept in the directory,
 * because members know each other by them; client ports are chosen at each start.
 *
 * @param clients for each node
 * @param rafts for each node
 */
record LocalPorts(List<Integer> clients, List<Integer> rafts) {

    private static final String FILE = "dev-ports";

    /**
     * @param dir an empty directory, or one of such a cluster; any other is refused
     * @param firstClientPort for node 1, the others follow; 0 for free ones
     */
    static LocalPorts of(Path dir, int nodes, int firstClientPort) throws IOException {
        return new LocalPorts(clientPorts(nodes, firstClientPort), kept(dir, nodes));
    }

    int client(int nodeId) {
        return clients.get(nodeId - 1);
    }

    int raft(int nodeId) {
        return rafts.get(nodeId - 1);
    }

    String founder() {
        return "127.0.0.1:" + raft(1);
    }

    private static List<Integer> clientPorts(int nodes, int first) {
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < nodes; i++) {
            ports.add(first == 0 ? 0 : first + i);
        }
        return List.copyOf(ports);
    }

    private static List<Integer> kept(Path dir, int nodes) throws IOException {
        Path file = dir.resolve(FILE);
        if (Files.exists(file)) {
            return parse(file, nodes);
        }
        requireEmpty(dir);
        Files.createDirectories(dir);
        List<Integer> fresh = free(nodes);
        Files.writeString(file, String.join("\n", fresh.stream().map(String::valueOf).toList()));
        return fresh;
    }

    private static void requireEmpty(Path dir) throws IOException {
        if (Files.exists(dir) && !Files.isDirectory(dir)) {
            throw new IOException("--data-dir: expected a directory, " + dir + " is a file");
        }
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> files = Files.list(dir)) {
            if (files.findAny().isPresent()) {
                throw new IOException(
                        "--data-dir: expected an empty directory or one of 'walrus dev', "
                                + dir
                                + " holds something else; name another one");
            }
        }
    }

    private static List<Integer> parse(Path file, int nodes) throws IOException {
        try {
            List<Integer> ports =
                    Files.readAllLines(file).stream()
                            .map(String::trim)
                            .map(Integer::valueOf)
                            .toList();
            if (ports.size() == nodes) {
                return ports;
            }
        } catch (NumberFormatException told) {
            // told below
        }
        throw new IOException(
                "%s: expected %d ports, one a line, found '%s'; empty the directory to start anew"
                        .formatted(file, nodes, Files.readString(file).strip()));
    }

    private static List<Integer> free(int nodes) throws IOException {
        var ports = new TreeSet<Integer>();
        while (ports.size() < nodes) {
            ports.add(RaftMetadata.freePort("127.0.0.1"));
        }
        return List.copyOf(ports);
    }
}
