package io.walrus.bench;

import io.walrus.bench.child.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One question that the benchmark answers, and who takes part.
 *
 * @param metric the finding that the table is about
 * @param unit how the metric reads
 * @param reference the label that the others are divided by, or empty
 * @param extras further findings that the table shows, as medians
 */
record Row(
        String name,
        String title,
        String metric,
        String unit,
        String reference,
        List<String> extras,
        List<Aim> aims,
        List<Contestant> contestants,
        Script script) {

    /** How one contestant is measured once. */
    @FunctionalInterface
    interface Script {
        Findings run(Rig rig, Contestant contestant) throws ForkFailed;
    }

    List<String> labels() {
        return contestants.stream().map(Contestant::label).toList();
    }

    /** The same row with these contestants only, and the reference if anyone is left to compare. */
    Row only(List<String> wanted) {
        boolean anyone = contestants.stream().anyMatch(one -> wanted.contains(one.label()));
        List<Contestant> left =
                contestants.stream()
                        .filter(one -> wanted.contains(one.label()) || (anyone && one.label().equals(reference)))
                        .toList();
        return new Row(name, title, metric, unit, reference, extras, aims, left, script);
    }

    /** Which aims our contestants missed, as sentences; empty when all were reached. */
    List<String> missed(Scores scores) {
        List<String> missed = new ArrayList<>();
        for (Contestant contestant : contestants) {
            verdict(contestant, scores).filter(text -> text.contains("missed")).ifPresent(missed::add);
        }
        return missed;
    }

    /** What the aims say about one of ours; empty for others and for rows without aims. */
    Optional<String> verdict(Contestant contestant, Scores scores) {
        if (!contestant.ours() || aims.isEmpty() || !scores.has(contestant.label())) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        for (Aim aim : aims) {
            parts.add(verdict(aim, contestant.label(), scores));
        }
        return Optional.of(String.join("; ", parts));
    }

    private String verdict(Aim aim, String label, Scores scores) {
        if (aim instanceof Aim.RatioAtLeast ratio) {
            if (!scores.has(reference)) {
                return "no reference";
            }
            double median = scores.ratios(label, reference, metric).median();
            return word(median >= ratio.times()) + " ≥ " + Table.number(ratio.times()) + "×";
        }
        if (aim instanceof Aim.AtLeast least) {
            double median = scores.spread(label, least.metric()).median();
            return word(median >= least.value()) + " ≥ " + Table.number(least.value());
        }
        Aim.AtMost most = (Aim.AtMost) aim;
        double median = scores.spread(label, most.metric()).median();
        return most.metric() + " " + word(median <= most.value()) + " ≤ " + Table.number(most.value());
    }

    private static String word(boolean reached) {
        return reached ? "reached" : "missed";
    }
}
