package io.walrus.bench.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/** The machine under the numbers. */
public final class Machine {
    private static final double BUSY_LOAD = 0.5;

    private Machine() {}

    /** One line: processor, memory, file system, system, Java, day. */
    public static String describe(Path directory) throws IOException {
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

    /** Says so if something else runs. */
    public static void warnIfBusy(PrintStream progress) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        if (load > BUSY_LOAD) {
            progress.printf(Locale.ROOT, "the machine is not quiet: load %.1f; these numbers are no measurement%n", load);
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
