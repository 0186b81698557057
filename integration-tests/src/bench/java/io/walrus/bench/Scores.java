package io.walrus.bench;

import io.walrus.bench.child.Findings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the children of one row found, by contestant and round. */
final class Scores {
    private final Map<String, Map<Integer, Map<String, Double>>> found = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();

    void add(String label, int round, Findings findings) {
        found.computeIfAbsent(label, name -> new TreeMap<>()).put(round, findings.values());
    }

    void failed(String label, String reason) {
        failures.put(label, reason);
    }

    void leftOut(String label, String reason) {
        leftOut.put(label, reason);
    }

    /** Who could not take part here, and why. */
    Map<String, String> leftOut() {
        return leftOut;
    }

    /** Reasons by label. */
    Map<String, String> failures() {
        return failures;
    }

    boolean has(String label) {
        return found.containsKey(label);
    }

    Spread spread(String label, String metric) {
        return Spread.of(
                found.get(label).values().stream()
                        .mapToDouble(values -> values.getOrDefault(metric, Double.NaN))
                        .toArray());
    }

    /** Ratios are taken within a round, then their median: a slow minute of the machine hits both sides. */
    Spread ratios(String label, String reference, String metric) {
        Map<Integer, Map<String, Double>> ours = found.get(label);
        Map<Integer, Map<String, Double>> theirs = found.get(reference);
        return Spread.of(
                ours.keySet().stream()
                        .filter(theirs::containsKey)
                        .mapToDouble(round -> ours.get(round).get(metric) / theirs.get(round).get(metric))
                        .toArray());
    }

    /** One run in short, for the progress. */
    String line(String label, int round, Row row) {
        Map<String, Double> values = found.get(label).get(round);
        return Table.number(values.get(row.metric())) + " " + row.unit();
    }
}
