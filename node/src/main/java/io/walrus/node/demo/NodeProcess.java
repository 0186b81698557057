package io.walrus.node.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as a child process of its own, on free ports, killed the hard way. */
final class NodeProcess implements AutoCloseable {

    private static final Pattern CLIENTS = Pattern.compile("\\s+clients\\s+(\\S+):(\\d+)");
    private static final long READY_SECONDS_MAX = 30;

    private final Process process;
    private final int clientPort;
    private final Duration readyAfter;

    private NodeProcess(Process process, int clientPort, Duration readyAfter) {
        this.process = process;
        this.clientPort = clientPort;
        this.readyAfter = readyAfter;
    }

    /** Starts a node on a directory and waits until it says that it is ready. */
    static NodeProcess start(Path dataDir) throws IOException {
        long startedNanos = System.nanoTime();
        Path log = dataDir.resolveSibling("node.log");
        Process process =
                new ProcessBuilder(commandLine(dataDir))
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        var port = new CompletableFuture<Integer>();
        Thread reader = new Thread(() -> readOutput(process, port), "demo-node-output");
        reader.setDaemon(true);
        reader.start();
        try {
            int clientPort = port.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
            return new NodeProcess(
                    process, clientPort, Duration.ofNanos(System.nanoTime() - startedNanos));
        } catch (ExecutionException | TimeoutException notReady) {
            process.destroyForcibly();
            throw new IOException("the node did not start; its log says: " + tailOf(log));
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the node was starting", interrupted);
        }
    }

    private static List<String> commandLine(Path dataDir) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.walrus.node.NodeMain",
                "node",
                "--data-dir",
                dataDir.toString(),
                "--client-port",
                "0",
                "--raft-port",
                "0");
    }

    private static void readOutput(Process process, CompletableFuture<Integer> port) {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                Matcher clients = CLIENTS.matcher(line);
                if (clients.matches()) {
                    port.complete(Integer.parseInt(clients.group(2)));
                }
            }
        } catch (IOException killed) {
            // the pipe of a killed process ends in whatever way
        }
        port.completeExceptionally(new IOException("the node ended before it was ready"));
    }

    private static String tailOf(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    int clientPort() {
        return clientPort;
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
