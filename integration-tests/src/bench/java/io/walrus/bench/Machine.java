package io.walrus.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/** The machine under the numbers. */
final class Machine {
    private static final double BUSY_LOAD = 0.5;

    private Machine() {}

    /** One line: processor, memory, file system, system, Java, day. */
    static String describe(Path directory) throws IOException {
        Files.createDirectories(directory);
        return String.format(
                Locale.ROOT,
                "Machine: %s × %d, %s of memory, %s, %s %s, Java %s (%s), %s",
                field("/proc/cpuinfo", "model name", "unknown processor"),
                Runtime.getRuntime().availableProcessors(),
                field("/proc/meminfo", "MemTotal", "?"),
                Files.getFileStore(directory).type(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.version"),
                System.getProperty("java.vm.vendor"),
                LocalDate.now());
    }

    static void warnIfBusy(PrintStream progress) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        if (load > BUSY_LOAD) {
            progress.printf(Locale.ROOT, "the machine is not quiet: load %.1f; these numbers are no measurement%n", load);
        }
    }

    /**
     * Memory that a virtual machine has not used for some seconds may be slow the first time again, because free pages
     * go back to the host; a throw-away JVM touches it just before a run.
     */
    static void touchMemory(int gib) throws IOException, InterruptedException {
        if (gib > 0) {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xms" + gib + "g",
                            "-Xmx" + gib + "g",
                            "-XX:+UseParallelGC",
                            "-XX:+AlwaysPreTouch",
                            "-version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    private static String field(String file, String name, String otherwise) throws IOException {
        Path path = Path.of(file);
        if (Files.notExists(path)) {
            return otherwise;
        }
        return Files.readAllLines(path).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(otherwise);
    }
}
