package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.walrus.cli.CliStreams;
import io.walrus.cli.WalrusCommandLine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code walrus dev}: three nodes in this process, and a prompt in front of them. */
@Command(
        name = "dev",
        description = {
            "Try it out: a cluster of three nodes in one process, and a prompt.",
            "Takes the WALRUS_ environment variables that a node takes."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {

    private static final int NODES = 3;
    private static final long START_SECONDS_MAX = 90;
    private static final long STOP_SECONDS_MAX = 20;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Keep the files there and go on with them next time"
                            + " (default: a temporary directory that is removed at the end).")
    private Path dataDir;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "Client port of node 1; the other two follow. 0 picks free ones (default: 0).")
    private int port;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description =
                    "Port of node 1 for its console page, metrics and health; the other two"
                            + " follow. 0 picks free ones (default: 0).")
    private int httpPort;

    @Option(names = "--no-prompt", description = "Run until Ctrl-C or SIGTERM instead of a prompt.")
    private boolean noPrompt;

    private final Map<String, String> environment;
    private final CliStreams streams;
    private final PrintStream err;

    DevCommand(Map<String, String> environment, CliStreams streams, PrintStream err) {
        this.environment = environment;
        this.streams = streams;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        if (isNoPort("--port", port) || isNoPort("--http-port", httpPort)) {
            return 2;
        }
        Path dir = dataDir != null ? dataDir : Files.createTempDirectory("walrus-dev-");
        Vertx vertx = ProcessVertx.create();
        var stops = new ArrayDeque<Runnable>();
        if (dataDir == null) {
            stops.push(() -> remove(dir));
        }
        stops.push(() -> awaitStopped(vertx.close()));
        try {
            LocalCluster cluster = cluster(vertx, dir);
            stops.push(() -> awaitStopped(cluster.stop()));
            return play(cluster, dir, stops);
        } catch (IOException | IllegalArgumentException refused) {
            err.println("walrus dev: " + refused.getMessage());
            stops.forEach(Runnable::run);
            return 2;
        }
    }

    private boolean isNoPort(String name, int given) {
        boolean isWrong = given < 0 || given > 65_535 - NODES;
        if (isWrong) {
            err.println("walrus dev: " + name + ": expected 0 to 65532, got " + given);
        }
        return isWrong;
    }

    private LocalCluster cluster(Vertx vertx, Path dir) throws IOException {
        var fromEnvironment = new NodeEnvironment(environment);
        var nextHttpPort = new AtomicInteger(httpPort);
        return LocalCluster.create(
                vertx,
                dir,
                NODES,
                port,
                draft -> {
                    fromEnvironment.applyTo(draft);
                    draft.instanceKey = "";
                    draft.httpPort = httpPort == 0 ? 0 : nextHttpPort.getAndIncrement();
                });
    }

    /** Whatever ends the process, its end stops the nodes and tidies up. */
    private int play(LocalCluster cluster, Path dir, Deque<Runnable> stops) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> stops.forEach(Runnable::run), "walrus-stop"));
        err.println("starting three nodes in " + dir);
        try {
            cluster.start()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            err.println("walrus dev: " + failed.getCause().getMessage());
            return 1;
        } catch (TimeoutException late) {
            err.println("walrus dev: no cluster within %d s".formatted(START_SECONDS_MAX));
            return 1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 1;
        }
        greet(cluster, dir);
        return noPrompt ? awaitSignal() : prompt(cluster);
    }

    private void greet(LocalCluster cluster, Path dir) {
        for (WalrusNode node : cluster.nodes()) {
            err.printf(
                    "  node %d  clients 127.0.0.1:%d  raft 127.0.0.1:%d  console http://127.0.0.1:%d/%n",
                    node.options().nodeId(), node.clientPort(), node.raftPort(), node.httpPort());
        }
        err.println(
                dataDir != null
                        ? "files stay in " + dir
                        : "files go when this ends; --data-dir DIR keeps them");
        err.println("from elsewhere: walrus --addr " + cluster.addresses() + " put TOPIC DATA");
        if (noPrompt) {
            err.println("stop it with Ctrl-C or SIGTERM");
        }
    }

    private int prompt(LocalCluster cluster) {
        return WalrusCommandLine.run(
                streams, new String[] {"--addr", cluster.addresses()}, () -> new Object[0]);
    }

    /** The main thread waits here until the process ends by a signal. */
    private static int awaitSignal() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void awaitStopped(Future<Void> stopped) {
        try {
            stopped.toCompletionStage()
                    .toCompletableFuture()
                    .get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            err.println("walrus dev: the stop was not clean: " + failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void remove(Path dir) {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failed) {
            err.println("walrus dev: cannot remove " + dir + ": " + failed.getMessage());
        }
    }
}
