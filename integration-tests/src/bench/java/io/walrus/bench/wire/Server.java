package io.walrus.bench.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server in a process of its own, on a free port; closing kills it and removes its files. */
final class Server implements AutoCloseable {
    private static final Pattern CLIENTS = Pattern.compile("clients +\\S+:(\\d+)");
    private static final Pattern RAFT = Pattern.compile("raft +(\\S+:\\d+)");

    private final Process process;
    private final Path dir;
    private int port;
    private String raft = "";

    private Server(List<String> command, Map<String, String> environment, Path dir) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        this.process = builder.start();
        this.dir = dir;
    }

    /** A bare Vert.x echo. */
    static Server echo() throws IOException {
        return new Server(java(EchoMain.class.getName()), Map.of(), null).awaitReady("clients");
    }

    /** A node as small as the pages of operations say. */
    static Server idleNode(Path dir) throws IOException {
        Path own = Files.createTempDirectory(dir, "node");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m", "-cp", System.getProperty("java.class.path"), "io.walrus.node.NodeMain",
                "node", "--data-dir", own.toString(), "--client-port", "0", "--raft-port", "0");
        return new Server(command, Map.of(), own).awaitReady("stop it with");
    }

    /** Memory of the process, as the system counts it; not a number where it does not say. */
    double residentMib() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (Files.notExists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** A node; {@code more} are its flags. */
    static Server node(Path dir, Map<String, String> environment, String... more) throws IOException {
        Path own = Files.createTempDirectory(dir, "node");
        List<String> command = java("io.walrus.node.NodeMain");
        command.addAll(List.of("node", "--data-dir", own.toString(), "--client-port", "0", "--raft-port", "0"));
        command.addAll(List.of(more));
        return new Server(command, environment, own).awaitReady("stop it with");
    }

    private Server awaitReady(String lastLine) throws IOException {
        BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        while ((line = said.readLine()) != null) {
            Matcher clients = CLIENTS.matcher(line);
            if (clients.find()) {
                port = Integer.parseInt(clients.group(1));
            }
            Matcher found = RAFT.matcher(line);
            if (found.find()) {
                raft = found.group(1);
            }
            if (line.contains(lastLine)) {
                return this;
            }
        }
        throw new IOException("the server ended before it was ready; what it said is above");
    }

    int port() {
        return port;
    }

    /** SIGTERM, without waiting. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL; it is gone afterwards. */
    void kill() {
        process.toHandle().destroyForcibly();
        process.toHandle().onExit().join();
    }

    /** Where other nodes join. */
    String raft() {
        return raft;
    }

    @Override
    public void close() throws IOException {
        kill();
        if (dir != null) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** The same flags for all. */
    private static List<String> java(String main) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m", "-Xmx512m", "-XX:+UseG1GC",
                "-cp", System.getProperty("java.class.path"), main));
    }
}
