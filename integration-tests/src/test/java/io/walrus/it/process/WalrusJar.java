package io.walrus.it.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The runnable jar, run the way a user runs it. */
final class WalrusJar {

    private static final long SECONDS_MAX = 60;

    private WalrusJar() {}

    static Path path() {
        Path jar = Path.of(System.getProperty("walrus.root", ".."), "node/target/walrus.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "expected the runnable jar at "
                            + jar
                            + "; run mvn verify, which builds it first");
        }
        return jar.toAbsolutePath().normalize();
    }

    static List<String> commandLine(List<String> args) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-jar");
        command.add(path().toString());
        command.addAll(args);
        return Collections.unmodifiableList(command);
    }

    /** What a finished command left: its exit code and its two streams. */
    record Result(int exitCode, byte[] outBytes, String err) {
        String out() {
            return new String(outBytes, StandardCharsets.UTF_8);
        }
    }

    static Result run(String... args) {
        return run(new byte[0], Map.of(), args);
    }

    static Result run(byte[] stdin, Map<String, String> environment, String... args) {
        return await(start(environment, args), stdin);
    }

    static Process start(Map<String, String> environment, String... args) {
        try {
            var builder = new ProcessBuilder(commandLine(List.of(args)));
            builder.environment().keySet().removeIf(name -> name.startsWith("WALRUS_"));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Result await(Process process, byte[] stdin) {
        try {
            var out = readAll(process.getInputStream());
            var err = readAll(process.getErrorStream());
            try (OutputStream in = process.getOutputStream()) {
                in.write(stdin);
            } catch (IOException closedEarly) {
                // a command may end without reading all of its input
            }
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "the command did not end within "
                                + SECONDS_MAX
                                + " s; it said: "
                                + text(err.join()));
            }
            return new Result(process.exitValue(), out.join(), text(err.join()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static CompletableFuture<byte[]> readAll(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    var all = new ByteArrayOutputStream();
                    try {
                        stream.transferTo(all);
                    } catch (IOException ended) {
                        // a killed process ends its streams in whatever way
                    }
                    return all.toByteArray();
                },
                task -> {
                    var thread = new Thread(task, "process-output");
                    thread.setDaemon(true);
                    thread.start();
                });
    }
}
