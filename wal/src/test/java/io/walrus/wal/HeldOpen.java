package io.walrus.wal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What this process holds of logs at a moment: its handles and mappings of files in tests'
 * temporary directories, as the system tells them, and the threads of engines.
 */
record HeldOpen(Map<String, Long> counts) {

    private static final Path HANDLES = Path.of("/proc/self/fd");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    /** Where the directories of tests begin. */
    private static final String TESTS = directories();

    private static final int THREADS_MAX = 4_096;

    private static String directories() {
        try {
            return Path.of(System.getProperty("java.io.tmpdir")).toRealPath() + "/junit";
        } catch (IOException unknown) {
            throw new UncheckedIOException(unknown);
        }
    }

    /** Whether the system tells what a process has open. */
    static boolean isTold() {
        return Files.isDirectory(HANDLES) && Files.isReadable(MAPPINGS);
    }

    /** Threads of engines, and open handles: they go when somebody closes them. */
    static HeldOpen closable() {
        return counted(Stream.concat(threads(), handles()));
    }

    /** Mappings: they go when the collector finds that nobody can reach them. */
    static HeldOpen mapped() {
        return counted(mappings());
    }

    private static HeldOpen counted(Stream<String> held) {
        Map<String, Long> counts = new HashMap<>();
        held.forEach(one -> counts.merge(one, 1L, Long::sum));
        return new HeldOpen(counts);
    }

    private static Stream<String> threads() {
        var all = new Thread[THREADS_MAX];
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        int count = root.enumerate(all);
        return Arrays.stream(all, 0, count)
                .map(Thread::getName)
                .filter(name -> name.startsWith("walrus-wal-"))
                .map(name -> "thread " + name);
    }

    private static Stream<String> handles() {
        if (!isTold()) {
            return Stream.empty();
        }
        String[] names = HANDLES.toFile().list();
        return Arrays.stream(Objects.requireNonNull(names, "open files"))
                .map(name -> target(HANDLES.resolve(name)))
                .filter(path -> path.startsWith(TESTS))
                .map(path -> "open file " + path);
    }

    private static String target(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static Stream<String> mappings() {
        if (!isTold()) {
            return Stream.empty();
        }
        try {
            return Files.readAllLines(MAPPINGS).stream()
                    .filter(line -> line.contains(TESTS))
                    .map(line -> "mapped file " + line.substring(line.indexOf(TESTS)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What is held now and was not before, or more often. */
    List<String> moreThan(HeldOpen before) {
        return counts.entrySet().stream()
                .filter(now -> now.getValue() > before.counts.getOrDefault(now.getKey(), 0L))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
