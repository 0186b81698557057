package io.walrus.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Scores as a Markdown table: what is printed can be pasted into the documentation. */
final class Table {
    private Table() {}

    static String of(Row row, Scores scores) {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(row.name()).append(": ").append(row.title()).append("\n\n");
        boolean compared = !row.reference().isEmpty();
        text.append("| engine | ").append(row.unit()).append(": min | median | max |");
        if (compared) {
            text.append(" × ").append(row.reference()).append(": median (min–max) |");
        }
        row.extras().forEach(extra -> text.append(' ').append(heading(extra)).append(" |"));
        text.append(" aim |\n|---|---:|---:|---:|");
        text.append("---:|".repeat(row.extras().size() + (compared ? 1 : 0))).append("---|\n");
        for (Contestant contestant : row.contestants()) {
            if (scores.has(contestant.label())) {
                text.append(line(row, contestant, scores, compared)).append('\n');
            }
        }
        scores.leftOut().forEach((label, reason) -> text.append(note(label, reason)));
        scores.failures().forEach((label, reason) -> text.append(note(label, "failed: " + reason)));
        return text.append('\n').toString();
    }

    private static String line(Row row, Contestant contestant, Scores scores, boolean compared) {
        String label = contestant.label();
        StringBuilder line = new StringBuilder();
        Spread spread = scores.spread(label, row.metric());
        line.append("| ").append(label).append(" | ");
        line.append(List.of(spread.min(), spread.median(), spread.max()).stream()
                .map(Table::number)
                .collect(Collectors.joining(" | ")));
        line.append(" |");
        if (compared) {
            line.append(' ').append(ratio(row, label, scores)).append(" |");
        }
        for (String extra : row.extras()) {
            line.append(' ').append(number(scores.spread(label, extra).median())).append(" |");
        }
        return line.append(' ').append(row.verdict(contestant, scores).orElse("")).append(" |").toString();
    }

    private static String note(String label, String text) {
        return "\n- " + label + " " + text;
    }

    private static String ratio(Row row, String label, Scores scores) {
        if (!scores.has(row.reference())) {
            return "–";
        }
        Spread ratios = scores.ratios(label, row.reference(), row.metric());
        return String.format(
                Locale.ROOT, "%.2f (%.2f–%.2f)", ratios.median(), ratios.min(), ratios.max());
    }

    private static String heading(String metric) {
        return switch (metric) {
            case "p50Micros" -> "p50 µs";
            case "p99Micros" -> "p99 µs";
            case "allocatedBytesPerOperation" -> "allocated B/op";
            case "cpuMicrosPerOperation" -> "CPU µs/op";
            case "firstUseMillis" -> "first look at every topic, ms";
            case "heapUsedMib" -> "heap used, MiB";
            case "heapPeakMib" -> "heap peak, MiB";
            case "diskBytesPerTopic" -> "disk B/topic";
            default -> metric;
        };
    }

    /** Whole numbers with separators from 100 on, two digits below; a dash for what was not found. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%,d", Math.round(value))
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
