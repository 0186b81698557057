package io.walrus.bench.child;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a child found, as named numbers; travels as one line on its standard output. */
public final class Findings {
    private static final String MARK = "BENCH ";

    private final Map<String, Double> values = new LinkedHashMap<>();

    public Findings put(String name, double value) {
        values.put(name, value);
        return this;
    }

    public Findings putAll(Findings other) {
        values.putAll(other.values);
        return this;
    }

    /** All numbers, in the order in which they were put. */
    public Map<String, Double> values() {
        return Map.copyOf(values);
    }

    String line() {
        StringBuilder line = new StringBuilder(MARK.trim());
        values.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }

    /** Whether the line of output is findings and not a library's chatter. */
    public static boolean isFindings(String line) {
        return line.startsWith(MARK);
    }

    public static Findings parse(String line) {
        Findings findings = new Findings();
        for (String pair : line.substring(MARK.length()).trim().split(" ")) {
            int at = pair.indexOf('=');
            findings.put(pair.substring(0, at), Double.parseDouble(pair.substring(at + 1)));
        }
        return findings;
    }
}
