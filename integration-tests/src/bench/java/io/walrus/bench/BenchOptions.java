package io.walrus.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line of the benchmark, parsed and with its defaults. */
final class BenchOptions {
    static final String USAGE =
            """
            usage: engine [options]        measure the log engine; --list names rows and engines
              --rows a,b          only these rows (default: all)
              --engines a,b       only these contestants, by the names that --list prints; a row's reference always runs
              --rounds N          interleaved rounds (3)
              --seconds S         measured time of each run (5)
              --seconds-of R=S,…  another measured time for some rows: durable-100=10,topics-1000=10
              --warmup S          time before the measurement, in the same run (2)
              --gib-max N         a run ends when it has written this much, even if there is time left (4)
              --fill-mib N        what the reading and reopening rows write first (2048)
              --small-topics N    how many topics the row small-topics makes (10000)
              --warm-gib N        memory kept touched and given to a run as it takes it, so that nobody pays for first use (6)
              --heap SIZE         -Xms and -Xmx of every child (1g)
              --jvm "FLAGS"       more flags for every child
              --jfr               a flight recording of every child, beside the results
              --dir DIR           where the logs are written, on the disk to measure (target/bench-data)
              --results DIR       where tables, child output and recordings go (target/bench-results)
              --quick             1 round of 1 s after 0.5 s, small fills: a smoke test, not a measurement
              --check             exit 1 if an aim is missed
              --list              print rows and engines, measure nothing
            usage: node | client [options] measure what goes over the wire; an unknown option prints them
            """;

    /** What to do. */
    enum Action {
        HELP,
        LIST,
        RUN
    }

    private final List<String> arguments;
    private Action action = Action.RUN;
    private List<String> rows = List.of();
    private List<String> engines = List.of();
    private int rounds = 3;
    private double seconds = 5;
    private final Map<String, Double> secondsOf = new HashMap<>();
    private double warmupSeconds = 2;
    private double gibMax = 4;
    private int fillMib = 2048;
    private int smallTopics = 10_000;
    private int warmGib = 6;
    private String heap = "1g";
    private List<String> moreFlags = List.of();
    private boolean jfr;
    private boolean check;
    private Path directory = Path.of("target", "bench-data");
    private Path results = Path.of("target", "bench-results");

    private BenchOptions(String[] args) {
        arguments = List.of(args);
    }

    static BenchOptions parse(String[] args) {
        BenchOptions options = new BenchOptions(args);
        if (args.length == 0 || args[0].equals("help") || args[0].equals("--help")) {
            options.action = Action.HELP;
            return options;
        }
        if (!args[0].equals("engine")) {
            throw new IllegalArgumentException("the first word says what to measure: expected engine, node or client, found '" + args[0] + "'");
        }
        for (int i = 1; i < args.length; i++) {
            i += options.take(args[i], i + 1 < args.length ? args[i + 1] : null);
        }
        return options;
    }

    /** Takes one option and returns how many values it used up. */
    private int take(String name, String value) {
        switch (name) {
            case "--quick" -> quick();
            case "--jfr" -> jfr = true;
            case "--check" -> check = true;
            case "--list" -> action = Action.LIST;
            default -> {
                if (value == null) {
                    throw new IllegalArgumentException("unknown option, or one without its value: " + name);
                }
                takeValue(name, value);
                return 1;
            }
        }
        return 0;
    }

    private void takeValue(String name, String value) {
        switch (name) {
            case "--rows" -> rows = list(value);
            case "--engines" -> engines = list(value);
            case "--rounds" -> rounds = Integer.parseInt(value);
            case "--seconds" -> seconds = Double.parseDouble(value);
            case "--seconds-of" -> list(value).forEach(this::takeSecondsOf);
            case "--warmup" -> warmupSeconds = Double.parseDouble(value);
            case "--gib-max" -> gibMax = Double.parseDouble(value);
            case "--fill-mib" -> fillMib = Integer.parseInt(value);
            case "--small-topics" -> smallTopics = Integer.parseInt(value);
            case "--warm-gib" -> warmGib = Integer.parseInt(value);
            case "--heap" -> heap = value;
            case "--jvm" -> moreFlags = List.of(value.trim().split("\\s+"));
            case "--dir" -> directory = Path.of(value);
            case "--results" -> results = Path.of(value);
            default -> throw new IllegalArgumentException("unknown option " + name);
        }
    }

    private void takeSecondsOf(String rowAndSeconds) {
        String[] parts = rowAndSeconds.split("=", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("expected ROW=SECONDS, got '" + rowAndSeconds + "'");
        }
        secondsOf.put(parts[0], Double.parseDouble(parts[1]));
    }

    private void quick() {
        rounds = 1;
        seconds = 1;
        warmupSeconds = 0.5;
        gibMax = 1;
        fillMib = 512;
        smallTopics = 500;
        warmGib = 0;
    }

    private static List<String> list(String value) {
        return Arrays.stream(value.split(",")).map(String::trim).toList();
    }

    /** The rows that were asked for, each with the contestants that were asked for. */
    List<Row> select(List<Row> all) {
        List<String> named = new ArrayList<>(rows);
        named.addAll(secondsOf.keySet());
        for (String name : named) {
            if (all.stream().noneMatch(row -> row.name().equals(name))) {
                throw new IllegalArgumentException(
                        "no row named '" + name + "'; there are " + all.stream().map(Row::name).toList());
            }
        }
        return all.stream()
                .filter(row -> rows.isEmpty() || rows.contains(row.name()))
                .map(row -> engines.isEmpty() ? row : row.only(engines))
                .filter(row -> !row.contestants().isEmpty())
                .toList();
    }

    /** Flags that every child gets, the same for all engines. */
    List<String> jvmFlags() {
        List<String> flags = new ArrayList<>();
        flags.add("-Xms" + heap);
        flags.add("-Xmx" + heap);
        flags.add("-XX:+UseG1GC");
        flags.addAll(moreFlags);
        return flags;
    }

    Action action() {
        return action;
    }

    List<String> arguments() {
        return arguments;
    }

    int rounds() {
        return rounds;
    }

    /** How long a row is measured. */
    double seconds(String row) {
        return secondsOf.getOrDefault(row, seconds);
    }

    double warmupSeconds() {
        return warmupSeconds;
    }

    long bytesMax() {
        return (long) (gibMax * (1L << 30));
    }

    long fillBytes() {
        return (long) fillMib << 20;
    }

    int smallTopics() {
        return smallTopics;
    }

    int warmGib() {
        return warmGib;
    }

    boolean jfr() {
        return jfr;
    }

    boolean check() {
        return check;
    }

    Path directory() {
        return directory;
    }

    Path results() {
        return results;
    }
}
