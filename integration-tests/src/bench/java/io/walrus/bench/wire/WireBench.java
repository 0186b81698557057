package io.walrus.bench.wire;

import io.walrus.bench.machine.Machine;
import io.walrus.bench.machine.WarmMemory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Rows about a node or about the client, round by round, as Markdown on standard output.
 *
 * <p>Exit code 0: all measured; 1: {@code --check} was given and an aim was missed; 2: bad arguments.
 */
public final class WireBench {
    private static final String USAGE =
            """
            usage: node [options]   a node beside a bare echo and beside the engine without a network
                   client [options] the client beside a bare socket
              --rows a,b       only these rows
              --rounds N       interleaved rounds (3)
              --seconds S      measured time of each run (5), after two fifths of it to warm up
              --warm-rounds N  rounds first that do not count, where all runs share a node (2)
              --warm-gib N     memory kept touched and given to a run as it takes it, so that nobody pays for first use (6)
              --dir DIR        where the nodes write (target/bench-data)
              --quick          1 round of 1 s: a smoke test, not a measurement
              --check          exit 1 if an aim is missed
            """;

    private List<String> wanted = List.of();
    private int rounds = 3;
    private double seconds = 5;
    private int warmGib = 6;
    private int warmRounds = 2;
    private boolean check;
    private Path dir = Path.of("target", "bench-data");

    private WireBench() {}

    /** True for the first words that are ours. */
    public static boolean knows(String word) {
        return word.equals("node") || word.equals("client");
    }

    /** Measures what the arguments say and returns the exit code. */
    public static int run(String[] args, PrintStream out, PrintStream progress) throws Exception {
        WireBench bench = new WireBench();
        try {
            bench.take(args);
        } catch (IllegalArgumentException e) {
            progress.println(e.getMessage() + "\n" + USAGE);
            return 2;
        }
        List<WireRow> rows = args[0].equals("node") ? NodeRows.all() : ClientRows.all();
        return bench.measure(rows, out, progress) || !bench.check ? 0 : 1;
    }

    private void take(String[] args) {
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--rows" -> wanted = Arrays.asList(args[++i].split(","));
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--seconds" -> seconds = Double.parseDouble(args[++i]);
                case "--warm-rounds" -> warmRounds = Integer.parseInt(args[++i]);
                case "--warm-gib" -> warmGib = Integer.parseInt(args[++i]);
                case "--dir" -> dir = Path.of(args[++i]);
                case "--check" -> check = true;
                case "--quick" -> {
                    rounds = 1;
                    seconds = 1;
                    warmGib = 0;
                    warmRounds = 1;
                }
                default -> throw new IllegalArgumentException("unknown option: " + args[i]);
            }
        }
    }

    private boolean measure(List<WireRow> rows, PrintStream out, PrintStream progress) throws Exception {
        out.println(Machine.describe(dir));
        out.println();
        Machine.warnIfBusy(progress);
        boolean good = true;
        try (WarmMemory memory = new WarmMemory(warmGib, progress)) {
            for (WireRow row : rows) {
                if (wanted.isEmpty() || wanted.contains(row.name())) {
                    good &= row.print(scores(row, memory, progress), out);
                }
            }
        }
        return good;
    }

    private Map<String, List<Double>> scores(WireRow row, WarmMemory memory, PrintStream progress) throws Exception {
        Map<String, List<Double>> scores = new LinkedHashMap<>();
        try (WireRow.Stage stage = row.opener().open(dir)) {
            int first = stage.sharesServers() ? 1 - warmRounds : 1;
            for (int round = first; round <= rounds; round++) {
                for (Map.Entry<String, WireRow.Script> one : stage.contestants().entrySet()) {
                    memory.giveToNextRun();
                    double score = score(row, one, progress);
                    memory.stop();
                    progress.printf(Locale.ROOT, "%s %s %s: %,.2f%n", row.name(), title(round), one.getKey(), score);
                    if (round > 0) {
                        scores.computeIfAbsent(one.getKey(), label -> new ArrayList<>()).add(score);
                    }
                }
            }
        }
        return scores;
    }

    private String title(int round) {
        return round > 0 ? "round " + round + "/" + rounds : "before round 1";
    }

    /** A run that failed counts as not a number, which reaches no aim. */
    private double score(WireRow row, Map.Entry<String, WireRow.Script> one, PrintStream progress) throws Exception {
        try {
            return one.getValue().run(new Setting(dir, seconds));
        } catch (IOException | ExecutionException | CompletionException failed) {
            Throwable cause = failed instanceof IOException ? failed : failed.getCause();
            progress.println(row.name() + " " + one.getKey() + " failed: " + cause.getMessage());
            return Double.NaN;
        }
    }

    /** Where to write and how long to measure. */
    record Setting(Path dir, double seconds) {
        double warmupSeconds() {
            return seconds * 2 / 5;
        }
    }
}
