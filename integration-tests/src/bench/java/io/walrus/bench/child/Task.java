package io.walrus.bench.child;

import io.walrus.bench.engine.Durability;
import io.walrus.bench.engine.EngineSetup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a child JVM is asked to do, as it travels on its command line. Immutable. */
public final class Task {
    /** The kinds of work. */
    public enum Kind {
        /** A thread per topic appends one entry after the other. */
        APPEND,
        /** Few threads keep a number of unacknowledged entries per topic in flight. */
        FLIGHT,
        /** Fill one topic, then read all of it again and again. */
        SCAN,
        /** Fill the topics, then a thread per topic consumes them. */
        CONSUME,
        /** Fill, tell the parent, and go on appending until killed. */
        FILL,
        /** Open what an earlier child left and tell how long it took. */
        OPEN
    }

    private final Map<String, String> values;

    private Task(Map<String, String> values) {
        this.values = values;
    }

    /** A task with ten threads and topics, no durability, and nothing else set. */
    public static Task of(Kind kind) {
        return new Task(new TreeMap<>())
                .with("kind", kind)
                .with("durability", Durability.NONE)
                .with("threads", 10)
                .with("topics", 10);
    }

    static Task parse(String[] args) {
        Map<String, String> values = new TreeMap<>();
        for (String arg : args) {
            int at = arg.indexOf('=');
            values.put(arg.substring(0, at), arg.substring(at + 1));
        }
        return new Task(values);
    }

    public List<String> toArgs() {
        List<String> args = new ArrayList<>();
        values.forEach((key, value) -> args.add(key + "=" + value));
        return args;
    }

    public Task with(String key, Object value) {
        Map<String, String> copy = new TreeMap<>(values);
        copy.put(key, value.toString());
        return new Task(copy);
    }

    public String engine() {
        return text("engine");
    }

    public Kind kind() {
        return Kind.valueOf(text("kind"));
    }

    public Path directory() {
        return Path.of(text("directory"));
    }

    public int topics() {
        return number("topics");
    }

    int threads() {
        return number("threads");
    }

    int inFlight() {
        return number("inFlight");
    }

    double seconds() {
        return Double.parseDouble(text("seconds"));
    }

    double warmupSeconds() {
        return Double.parseDouble(text("warmupSeconds"));
    }

    /** The work ends here even if there is time left. */
    long bytesMax() {
        return Long.parseLong(text("bytesMax"));
    }

    /** How much a filling step writes in all. */
    long fillBytes() {
        return Long.parseLong(text("fillBytes"));
    }

    /** Entries of each topic of a filling step; 0 when {@link #fillBytes} decides. */
    long entriesPerTopic() {
        return Long.parseLong(values.getOrDefault("entriesPerTopic", "0"));
    }

    /** How many of the topics are sealed after the filling, counted from the first. */
    int sealedTopics() {
        return Integer.parseInt(values.getOrDefault("sealedTopics", "0"));
    }

    /** Whether a filling child ends by itself instead of waiting to be killed. */
    boolean closes() {
        return Boolean.parseBoolean(values.getOrDefault("closes", "false"));
    }

    public Durability durability() {
        return Durability.valueOf(text("durability"));
    }

    long seed() {
        return Long.parseLong(values.getOrDefault("seed", "42"));
    }

    EngineSetup setup() {
        return new EngineSetup(directory(), topics(), durability());
    }

    private int number(String key) {
        return Integer.parseInt(text(key));
    }

    private String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("this task needs " + key + "=; it has " + values);
        }
        return value;
    }
}
