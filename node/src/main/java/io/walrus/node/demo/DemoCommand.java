package io.walrus.node.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code walrus demo}: the main job end to end, on real files, with a hard kill in the middle. */
@Command(
        name = "demo",
        description = {
            "Stream files through three nodes, kill a leader hard halfway, and compare what comes back.",
            "Starts nodes of its own on free ports in a temporary directory."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Files to stream (default: the text files below the current folder).")
    private List<Path> files;

    @Option(names = "--keep", description = "Keep the temporary directory and say where it is.")
    private boolean keep;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;

    /**
     * @param out takes the report
     * @param err takes progress and errors
     * @param terminal whether {@code err} is a person's terminal
     */
    public DemoCommand(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        DemoSource source;
        try {
            source =
                    DemoSource.read(
                            files == null || files.isEmpty()
                                    ? DemoFiles.textBelow(Path.of(""))
                                    : DemoFiles.named(files));
        } catch (IOException unreadable) {
            err.println("walrus demo: " + unreadable.getMessage());
            return 2;
        }
        if (source.entries().isEmpty()) {
            err.println("walrus demo: no text to stream; name a FILE that is not empty");
            return 2;
        }
        if (source.entries().size() < DemoSource.ENTRIES_MIN) {
            err.println(
                    "walrus demo: %d lines are too few to kill a node halfway; name a FILE of %d or more"
                            .formatted(source.entries().size(), DemoSource.ENTRIES_MIN));
            return 2;
        }
        Path home = Files.createTempDirectory("walrus-demo-");
        try {
            return play(source, home);
        } finally {
            cleanUp(home);
        }
    }

    private int play(DemoSource source, Path home) {
        try (var progress = new DemoProgress(err, terminal);
                var run = new DemoRun(source, home, progress)) {
            DemoReport report = run.play();
            progress.ends();
            out.print(report.text());
            out.flush();
            return report.isByteForByte() ? 0 : 1;
        } catch (IOException failed) {
            err.println("walrus demo: FAILED: " + failed.getMessage());
            return 1;
        }
    }

    private void cleanUp(Path home) throws IOException {
        if (keep) {
            err.println("demo: kept " + home);
            return;
        }
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
