package io.walrus.bench;

import io.walrus.bench.engine.Engines;
import io.walrus.bench.machine.Machine;
import io.walrus.bench.machine.WarmMemory;
import io.walrus.bench.wire.WireBench;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The benchmark of the log engine: tables on standard output, progress on standard error.
 *
 * <p>Exit code 0: all measured; 1: a contestant failed, or {@code --check} was given and an aim was missed; 2: bad
 * arguments.
 */
public final class EngineBench {
    private final BenchOptions options;
    private final PrintStream out;
    private final PrintStream progress;

    private EngineBench(BenchOptions options, PrintStream out, PrintStream progress) {
        this.options = options;
        this.out = out;
        this.progress = progress;
    }

    public static void main(String[] args) throws Exception {
        writeArgumentFile();
        if (args.length > 0 && WireBench.knows(args[0])) {
            System.exit(WireBench.run(args, System.out, System.err));
        }
        BenchOptions options;
        try {
            options = BenchOptions.parse(args);
            options.select(EngineRows.all(options));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(BenchOptions.USAGE);
            System.exit(2);
            return;
        }
        System.exit(new EngineBench(options, System.out, System.err).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        switch (options.action()) {
            case HELP -> out.println(BenchOptions.USAGE);
            case LIST -> list();
            case RUN -> {
                return measure();
            }
        }
        return true;
    }

    /** Later runs need no Maven: {@code java @target/bench.args …} has the class path of this one. */
    private static void writeArgumentFile() throws IOException {
        Path target = Path.of("target");
        if (Files.isDirectory(target)) {
            Files.writeString(
                    target.resolve("bench.args"),
                    "-cp \"" + System.getProperty("java.class.path") + "\"\n" + EngineBench.class.getName() + "\n");
        }
    }

    private void list() {
        for (Row row : EngineRows.all(options)) {
            out.printf("%-16s %s%n", row.name(), row.title());
            out.printf("%-16s   %s%n", "", String.join(", ", row.labels()));
        }
        out.println("engines: " + String.join(", ", Engines.names()));
    }

    private boolean measure() throws Exception {
        List<Row> rows = options.select(EngineRows.all(options));
        StringBuilder report = new StringBuilder();
        emit(report, Machine.describe(options.directory()));
        emit(report, "Command: `EngineBench " + String.join(" ", options.arguments()) + "`");
        emit(report, "Children: `" + String.join(" ", options.jvmFlags()) + "`\n");
        Machine.warnIfBusy(progress);
        boolean good = true;
        try (WarmMemory memory = new WarmMemory(options.warmGib(), progress)) {
            for (Row row : rows) {
                Scores scores = measure(row, memory);
                emit(report, Table.of(row, scores));
                good &= scores.failures().isEmpty() && (!options.check() || row.missed(scores).isEmpty());
            }
        }
        Files.createDirectories(options.results());
        Path file = options.results().resolve("engine-" + System.currentTimeMillis() + ".md");
        Files.writeString(file, report);
        progress.println("written to " + file);
        return good;
    }

    private void emit(StringBuilder report, String text) {
        out.println(text);
        report.append(text).append('\n');
    }

    /** Round by round, and in each round every contestant in turn: what disturbs one disturbs its neighbours. */
    private Scores measure(Row row, WarmMemory memory) throws Exception {
        Scores scores = new Scores();
        List<Contestant> running = new ArrayList<>(row.contestants());
        for (int round = 1; round <= options.rounds(); round++) {
            for (Contestant contestant : List.copyOf(running)) {
                progress.printf("%s round %d/%d %s … ", row.name(), round, options.rounds(), contestant.label());
                progress.flush();
                Rig rig = new Rig(options, row.name(), row.name() + "-" + contestant.label() + "-" + round);
                try {
                    memory.giveToNextRun();
                    scores.add(contestant.label(), round, row.script().run(rig, contestant));
                    progress.println(scores.line(contestant.label(), round, row));
                } catch (ForkFailed e) {
                    progress.println(e.getMessage());
                    if (e.leftOut()) {
                        scores.leftOut(contestant.label(), e.getMessage());
                    } else {
                        scores.failed(contestant.label(), e.getMessage());
                    }
                    running.remove(contestant);
                } finally {
                    memory.stop();
                    rig.clear();
                }
            }
        }
        return scores;
    }
}
