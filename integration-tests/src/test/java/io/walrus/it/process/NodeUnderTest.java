package io.walrus.it.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as a process of its own, started from the runnable jar. */
public final class NodeUnderTest implements AutoCloseable {

    private static final Pattern CLIENTS = Pattern.compile("\\s+clients\\s+\\S+:(\\d+)");
    private static final Pattern RAFT = Pattern.compile("\\s+raft\\s+\\S+:(\\d+)\\s.*");
    private static final Pattern READY_END = Pattern.compile("\\s+stop it with .*");
    private static final long SECONDS_MAX = 60;

    private final Process process;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> silent = new CompletableFuture<>();

    private NodeUnderTest(Process process) {
        this.process = process;
        var reader = new Thread(this::listen, "node-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a node on free ports and waits until it is ready. */
    static NodeUnderTest start(Path dataDir, String... more) {
        return start(dataDir, Map.of(), more);
    }

    static NodeUnderTest start(Path dataDir, Map<String, String> environment, String... more) {
        var args = new ArrayList<String>();
        args.addAll(
                List.of(
                        "node",
                        "--data-dir",
                        dataDir.toString(),
                        "--client-port",
                        "0",
                        "--raft-port",
                        "0"));
        args.addAll(List.of(more));
        var node = new NodeUnderTest(startQuietly(environment, args));
        node.awaitReady();
        return node;
    }

    /**
     * Starts a node on a directory that has been used before, for a cluster that needs more than
     * one of its members to become ready.
     */
    static NodeUnderTest startWithoutWaiting(
            Path dataDir, Map<String, String> environment, String... more) {
        var args = new ArrayList<String>();
        args.addAll(
                List.of(
                        "node",
                        "--data-dir",
                        dataDir.toString(),
                        "--client-port",
                        "0",
                        "--raft-port",
                        "0"));
        args.addAll(List.of(more));
        return new NodeUnderTest(startQuietly(environment, args));
    }

    /** Starts a node with exactly these flags behind {@code node}, and does not wait. */
    public static NodeUnderTest launch(Map<String, String> environment, List<String> flags) {
        var args = new ArrayList<String>(List.of("node"));
        args.addAll(flags);
        return new NodeUnderTest(startQuietly(environment, args));
    }

    private static Process startQuietly(Map<String, String> environment, List<String> args) {
        try {
            var builder = new ProcessBuilder(WalrusJar.commandLine(args)).redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.startsWith("WALRUS_"));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void listen() {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                said.add(line);
                if (READY_END.matcher(line).matches()) {
                    ready.complete(null);
                }
            }
        } catch (IOException killed) {
            // the pipe of a killed process ends in whatever way
        }
        ready.completeExceptionally(new IllegalStateException("the node ended; it said: " + said));
        silent.complete(null);
    }

    public void awaitReady() {
        try {
            ready.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception notReady) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "the node did not get ready; it said: " + said, notReady);
        }
    }

    /** Every line that the process has printed. */
    public List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    int clientPort() {
        return portOf(CLIENTS);
    }

    int raftPort() {
        return portOf(RAFT);
    }

    private int portOf(Pattern line) {
        for (String text : said()) {
            Matcher found = line.matcher(text);
            if (found.matches()) {
                return Integer.parseInt(found.group(1));
            }
        }
        throw new IllegalStateException("no line tells the port: " + said());
    }

    String address() {
        return "127.0.0.1:" + clientPort();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, and waits; returns the exit code. */
    public int terminate() {
        process.toHandle().destroy();
        silent.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
        return process.onExit().orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join().exitValue();
    }

    /** Waits until the process has ended by itself. */
    void awaitEnd() {
        awaitExit();
    }

    /** Waits until the process has ended by itself; returns the exit code. */
    public int awaitExit() {
        silent.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
        return process.onExit().orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join().exitValue();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}
