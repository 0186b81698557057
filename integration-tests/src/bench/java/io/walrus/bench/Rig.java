package io.walrus.bench;

import io.walrus.bench.child.Findings;
import io.walrus.bench.child.Task;
import io.walrus.bench.engine.Engines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What one measurement has to itself: a directory for the engine, a file for what its children say. */
final class Rig {
    private final BenchOptions options;
    private final double seconds;
    private final Path directory;
    private final Path log;

    Rig(BenchOptions options, String row, String name) throws IOException {
        this.options = options;
        this.seconds = options.seconds(row);
        this.directory = options.directory().resolve(name).toAbsolutePath();
        this.log = options.results().resolve(name + ".log").toAbsolutePath();
        clear();
        Files.createDirectories(directory);
        Files.createDirectories(log.getParent());
        Files.deleteIfExists(log);
    }

    /** Runs a child to its end. */
    Findings run(Contestant contestant) throws ForkFailed {
        return run(contestant.task(), List.of());
    }

    /** Runs a child to its end, with more flags for its JVM. */
    Findings run(Task task, List<String> flags) throws ForkFailed {
        Task complete = complete(task);
        return new Fork(command(complete, flags), log, secondsMax()).untilEnd();
    }

    /** Runs a child until it prints its findings, then kills it as {@code kill -9} would. */
    Findings runAndKill(Task task) throws ForkFailed {
        Task complete = complete(task);
        return new Fork(command(complete, List.of()), log, secondsMax()).untilFindingsThenKill();
    }

    /** Disk space of everything that the engine has written, as the file system counts it. */
    long diskBytes() throws ForkFailed {
        try {
            Process du = new ProcessBuilder("du", "-s", "-B1", directory.toString()).start();
            String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Long.parseLong(text.split("\\s+")[0]);
        } catch (IOException | NumberFormatException e) {
            throw new ForkFailed("du could not tell the size of " + directory, e);
        }
    }

    /** Removes what the engine has written. */
    void clear() {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove " + directory, e);
        }
    }

    private Task complete(Task task) {
        return task.with("directory", directory.resolve(task.engine()))
                .with("seconds", seconds)
                .with("warmupSeconds", options.warmupSeconds())
                .with("bytesMax", options.bytesMax());
    }

    private List<String> command(Task task, List<String> flags) throws ForkFailed {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options.jvmFlags());
        if (options.jfr()) {
            String recording = log.toString().replaceFirst("\\.log$", "-" + task.kind() + ".jfr");
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        command.add("-Dlogback.configurationFile=bench-logback.xml");
        command.addAll(engineFlags(task.engine()));
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("io.walrus.bench.child.ChildMain");
        command.addAll(task.toArgs());
        return command;
    }

    private List<String> engineFlags(String engine) throws ForkFailed {
        try {
            return Engines.jvmFlags(engine, log.resolveSibling("native"));
        } catch (IOException e) {
            throw new ForkFailed("could not prepare " + engine + ": " + e.getMessage(), e);
        }
    }

    /** Long enough for filling and reading back on a slow disk; a child that hangs is ended. */
    private double secondsMax() {
        return 240 + options.warmupSeconds() + 3 * seconds;
    }
}
