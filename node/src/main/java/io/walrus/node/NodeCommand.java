package io.walrus.node;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code walrus node}: runs one node until it is told to stop. */
@Command(
        name = "node",
        description = "Run a node until Ctrl-C or SIGTERM; or ask a running one to hand over.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
class NodeCommand implements Callable<Integer> {

    private static final long STOP_SECONDS_MAX = 10;

    @Option(
            names = "--node-id",
            paramLabel = "ID",
            description = "Id of this node in the cluster, from 1 (default: 1).")
    private Integer nodeId;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where all files of the node go (default: ./data).")
    private String dataDir;

    @Option(
            names = {"--client-port", "--port"},
            paramLabel = "PORT",
            description = "Port for clients; 0 picks a free one (default: 8080).")
    private Integer clientPort;

    @Option(
            names = "--client-host",
            paramLabel = "HOST",
            description = "Address for clients (default: 127.0.0.1).")
    private String clientHost;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description =
                    "Port for metrics, health and the console page; 0 picks a free one (default: none).")
    private Integer httpPort;

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            description = "Address for HTTP (default: 127.0.0.1).")
    private String httpHost;

    @Option(
            names = "--http-tls",
            description =
                    "HTTPS at the HTTP port, with the certificate of the client port (default: plain"
                            + " HTTP).")
    private boolean httpTls;

    @Option(
            names = "--raft-port",
            paramLabel = "PORT",
            description = "Port for the other nodes; 0 picks a free one (default: 6000).")
    private Integer raftPort;

    @Option(
            names = "--raft-host",
            paramLabel = "HOST",
            description = "Address for the other nodes (default: 127.0.0.1).")
    private String raftHost;

    @Option(
            names = "--raft-advertise-host",
            paramLabel = "HOST[:PORT]",
            description =
                    "Under which the other nodes reach this one (default: the raft host and port).")
    private String raftAdvertiseHost;

    @Option(
            names = "--client-advertise",
            paramLabel = "HOST:PORT",
            description =
                    "Under which the other nodes reach the client port (default: as it listens).")
    private String clientAdvertise;

    @Option(
            names = {"--join", "--initial-peer"},
            paramLabel = "HOST:RAFTPORT",
            split = ",",
            description =
                    "Join the cluster of that node; without it an empty directory founds a cluster.")
    private List<String> join;

    @Option(
            names = "--fsync",
            paramLabel = "POLICY",
            description =
                    "What an ack promises: each (on disk), none, window:<ms> or <ms> (default: each).")
    private String fsync;

    @Option(
            names = "--topics-max",
            paramLabel = "N",
            description =
                    "Create no topic when the cluster has so many already (default: 100,000).")
    private Integer topicsMax;

    @Option(
            names = "--reads",
            paramLabel = "RULE",
            description =
                    "What GET promises about a node that dies: strictly-at-once (no entry twice, one"
                            + " may be skipped) or at-least-once (none skipped, some may come twice);"
                            + " 'walrus topic reads' sets it for one topic (default:"
                            + " strictly-at-once).")
    private String reads;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Certificate (PEM) of the client port, which then speaks TLS only.")
    private String tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Key (PEM, not encrypted) of that certificate.")
    private String tlsKey;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description =
                    "Authority (PEM) whose certificates clients and other nodes must show (default:"
                            + " clients show none, all nodes share one certificate).")
    private String tlsCa;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description =
                    "Clients need a token of this file, which is read again when it changes;"
                            + " 'walrus token' makes one (default: nobody needs one).")
    private String tokensFile;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Options as JSON; flags and environment win over it.")
    private Path config;

    @Option(names = "--print-config", description = "Print the options in force as JSON and exit.")
    private boolean printConfig;

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "Log to this file (default: standard error).")
    private Path logFile;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    NodeCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        try {
            NodeOptions options = options();
            if (printConfig) {
                out.println(options.toJson());
                return 0;
            }
            if (logFile != null) {
                NodeLogging.toFile(logFile);
            }
            OpenDoor.warning(options).ifPresent(line -> err.println("walrus node: " + line));
            return run(options);
        } catch (IllegalArgumentException | IOException badOption) {
            err.println("walrus node: " + badOption.getMessage());
            return 2;
        }
    }

    /** Precedence: flag, environment, configuration file, default. */
    private NodeOptions options() throws IOException {
        NodeOptions fromFile =
                config == null ? NodeOptions.DEFAULTS : NodeOptions.fromJson(readConfig());
        var fromEnvironment = new NodeEnvironment(environment);
        return fromFile.with(
                draft -> {
                    fromEnvironment.applyTo(draft);
                    applyFlags(draft);
                });
    }

    private String readConfig() throws IOException {
        if (!Files.isReadable(config)) {
            throw new IOException("--config: cannot read " + config);
        }
        return Files.readString(config);
    }

    /** Whether members to join were given as a flag. */
    boolean namesMembers() {
        return join != null;
    }

    /** Takes what was not given here from the flags of another command. */
    void inherit(NodeCommand before) {
        config = config != null ? config : before.config;
        logFile = logFile != null ? logFile : before.logFile;
        printConfig |= before.printConfig;
    }

    /** The flags that were given, over what the draft holds. */
    void applyFlags(NodeOptions.Draft draft) {
        draft.nodeId = nodeId != null ? nodeId : draft.nodeId;
        draft.dataDir = dataDir != null ? dataDir : draft.dataDir;
        draft.clientPort = clientPort != null ? clientPort : draft.clientPort;
        draft.clientHost = clientHost != null ? clientHost : draft.clientHost;
        draft.httpPort = httpPort != null ? httpPort : draft.httpPort;
        draft.httpHost = httpHost != null ? httpHost : draft.httpHost;
        draft.httpTls |= httpTls;
        draft.raftPort = raftPort != null ? raftPort : draft.raftPort;
        draft.raftHost = raftHost != null ? raftHost : draft.raftHost;
        draft.raftAdvertiseHost =
                raftAdvertiseHost != null ? raftAdvertiseHost : draft.raftAdvertiseHost;
        draft.clientAdvertise = clientAdvertise != null ? clientAdvertise : draft.clientAdvertise;
        draft.join = join != null ? new ArrayList<>(join) : draft.join;
        draft.fsync = fsync != null ? fsync : draft.fsync;
        draft.topicsMax = topicsMax != null ? topicsMax : draft.topicsMax;
        draft.reads = reads != null ? reads : draft.reads;
        draft.tlsCert = tlsCert != null ? tlsCert : draft.tlsCert;
        draft.tlsKey = tlsKey != null ? tlsKey : draft.tlsKey;
        draft.tlsCa = tlsCa != null ? tlsCa : draft.tlsCa;
        draft.tokensFile = tokensFile != null ? tokensFile : draft.tokensFile;
    }

    private int run(NodeOptions options) {
        long startedNanos = System.nanoTime();
        Vertx vertx = ProcessVertx.create();
        WalrusNode node = WalrusNode.create(vertx, options);
        var stopped = new CountDownLatch(1);
        try {
            node.start().toCompletionStage().toCompletableFuture().join();
        } catch (RuntimeException failed) {
            vertx.close().await();
            err.println("walrus node: " + StartFailure.explain(failed, options));
            return StartFailure.exitCode(failed);
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> stop(vertx, node, stopped), "walrus-stop"));
        out.print(StartMessage.of(node, Duration.ofNanos(System.nanoTime() - startedNanos)));
        out.flush();
        var exitCode = new AtomicInteger();
        node.failure()
                .onFailure(
                        cause -> {
                            err.println(
                                    "walrus node: stopped by itself: "
                                            + StartFailure.explain(cause, options));
                            exitCode.set(StartFailure.exitCode(cause));
                            stopped.countDown();
                        });
        node.left()
                .onSuccess(
                        done -> {
                            out.println(
                                    "walrus node " + options.nodeId() + " has left its cluster");
                            stopped.countDown();
                        });
        awaitQuietly(stopped);
        return exitCode.get();
    }

    private void stop(Vertx vertx, WalrusNode node, CountDownLatch stopped) {
        try {
            node.stop()
                    .eventually(vertx::close)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
            out.println("walrus node " + node.options().nodeId() + " stopped");
        } catch (Exception failed) {
            err.println("walrus node: the stop was not clean: " + failed.getMessage());
        } finally {
            out.flush();
            stopped.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
