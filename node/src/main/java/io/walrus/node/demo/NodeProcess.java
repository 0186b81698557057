package io.walrus.node.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as a child process of its own, on free ports, killed the hard way. */
final class NodeProcess implements AutoCloseable {

    private static final Pattern CLIENTS = Pattern.compile("\\s+clients\\s+(\\S+):(\\d+)");
    private static final Pattern RAFT = Pattern.compile("\\s+raft\\s+(\\S+):(\\d+)\\s.*");
    private static final long READY_SECONDS_MAX = 60;

    /** The two ports that a node tells when it is ready. */
    private record Ports(int client, int raft) {}

    private final Process process;
    private final Ports ports;
    private final Duration readyAfter;

    private NodeProcess(Process process, Ports ports, Duration readyAfter) {
        this.process = process;
        this.ports = ports;
        this.readyAfter = readyAfter;
    }

    /**
     * Starts a node on a directory and waits until it says that it is ready.
     *
     * @param join a member to join; empty founds a cluster
     */
    static NodeProcess start(int id, Path dataDir, String join, Map<String, String> environment)
            throws IOException {
        long startedNanos = System.nanoTime();
        Path log = dataDir.resolveSibling("node" + id + ".log");
        var builder =
                new ProcessBuilder(commandLine(id, dataDir, join))
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("WALRUS_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        var told = new CompletableFuture<Ports>();
        Thread reader = new Thread(() -> readOutput(process, told), "demo-node-output");
        reader.setDaemon(true);
        reader.start();
        try {
            Ports ports = told.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
            return new NodeProcess(
                    process, ports, Duration.ofNanos(System.nanoTime() - startedNanos));
        } catch (ExecutionException | TimeoutException notReady) {
            process.destroyForcibly();
            throw new IOException("node " + id + " did not start; its log says: " + tailOf(log));
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the node was starting", interrupted);
        }
    }

    private static List<String> commandLine(int id, Path dataDir, String join) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("io.walrus.node.NodeMain", "node"));
        command.addAll(List.of("--node-id", Integer.toString(id)));
        command.addAll(List.of("--data-dir", dataDir.toString()));
        command.addAll(List.of("--client-port", "0", "--raft-port", "0"));
        if (!join.isEmpty()) {
            command.addAll(List.of("--join", join));
        }
        return command;
    }

    private static void readOutput(Process process, CompletableFuture<Ports> told) {
        int clientPort = 0;
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                Matcher clients = CLIENTS.matcher(line);
                Matcher raft = RAFT.matcher(line);
                if (clients.matches()) {
                    clientPort = Integer.parseInt(clients.group(2));
                } else if (raft.matches()) {
                    told.complete(new Ports(clientPort, Integer.parseInt(raft.group(2))));
                }
            }
        } catch (IOException killed) {
            // the pipe of a killed process ends in whatever way
        }
        told.completeExceptionally(new IOException("the node ended before it was ready"));
    }

    private static String tailOf(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    int clientPort() {
        return ports.client();
    }

    int raftPort() {
        return ports.raft();
    }

    long pid() {
        return process.pid();
    }

    Duration readyAfter() {
        return readyAfter;
    }

    /** SIGKILL: no shutdown hook, no flush; waits until the process is gone. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
