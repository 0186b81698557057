package io.walrus.metadata.raft;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A cluster in one process, for tests: real members on real directories and loopback ports. */
final class Members implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    private final Path directory;
    private final TreeMap<Integer, RaftMetadata> running = new TreeMap<>();
    private final TreeMap<Integer, String> addresses = new TreeMap<>();
    private final TreeMap<Integer, Path> directories = new TreeMap<>();

    Members(Path directory) {
        this.directory = directory;
    }

    static Members of(int count, Path directory) {
        Members members = new Members(directory);
        members.start(1);
        for (int id = 2; id <= count; id++) {
            members.start(id);
        }
        return members;
    }

    RaftMetadataOptions options(int id) {
        List<String> others = new ArrayList<>(addresses.values());
        if (addresses.containsKey(id)) {
            others.remove(addresses.get(id));
        }
        return new RaftMetadataOptions()
                .nodeId(id)
                .dataDir(directories.getOrDefault(id, directory.resolve("node-" + id)))
                .raftPort(portOf(id))
                .bootstrap(id == 1 && addresses.isEmpty())
                .join(others);
    }

    /** Starts a node and waits until it is in. */
    RaftMetadata start(int id) {
        return start(options(id));
    }

    RaftMetadata start(RaftMetadataOptions options) {
        RaftMetadata node = launch(options);
        await(node.ready());
        return node;
    }

    /** Starts a node and does not wait. */
    RaftMetadata launch(RaftMetadataOptions options) {
        RaftMetadata node = await(RaftMetadata.start(vertx, options));
        running.put(options.nodeId(), node);
        addresses.put(options.nodeId(), "127.0.0.1:" + node.actualPort());
        return node;
    }

    void stop(int id) {
        await(running.remove(id).close());
    }

    /** From now on the node has another, empty directory. */
    void wipe(int id) {
        directories.put(id, directory.resolve("node-" + id + "-" + System.nanoTime()));
    }

    RaftMetadata get(int id) {
        return running.get(id);
    }

    String address(int id) {
        return addresses.get(id);
    }

    List<RaftMetadata> all() {
        return List.copyOf(running.values());
    }

    RaftMetadata leader() {
        eventually(() -> all().stream().filter(Members::leads).count() == 1);
        return all().stream().filter(Members::leads).findFirst().orElseThrow();
    }

    RaftMetadata follower() {
        leader();
        return all().stream().filter(node -> !leads(node)).findFirst().orElseThrow();
    }

    static boolean leads(RaftMetadata node) {
        return node.status().role().equals("Leader");
    }

    static int idOf(RaftMetadata node) {
        return node.status().nodeId();
    }

    static void eventually(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        all().forEach(node -> await(node.close()));
        await(vertx.close().toCompletionStage());
    }

    private int portOf(int id) {
        String address = addresses.get(id);
        return address == null ? 0 : Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }
}
