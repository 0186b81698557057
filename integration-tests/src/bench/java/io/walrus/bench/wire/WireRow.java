package io.walrus.bench.wire;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One question. The first contestant is ours; the aim holds for our score divided by each other one's of the same round, or
 * for our score alone if nobody else takes part.
 *
 * @param aims one for each other contestant, in their order; or one for us alone; none where there is nothing to reach
 * @param isMost the aims are greatest values and not least ones
 */
record WireRow(
        String name, String title, String unit, Opener opener, List<Double> aims, boolean isMost) {

    /** A row whose every run starts servers of its own. */
    WireRow(String name, String title, String unit, Map<String, Script> contestants, List<Double> aims, boolean isMost) {
        this(name, title, unit, dir -> new FreshServers(contestants), aims, isMost);
    }

    /** Measures one contestant once. */
    @FunctionalInterface
    interface Script {
        double run(WireBench.Setting setting) throws Exception;
    }

    /** What all runs of a row have in common, and who takes part in it. */
    interface Stage extends AutoCloseable {
        Map<String, Script> contestants();

        /** Whether the runs share servers, so that rounds before the first one warm them up. */
        boolean sharesServers();

        @Override
        void close() throws IOException;
    }

    /** Opens a row's stage; what it keeps goes below the directory. */
    @FunctionalInterface
    interface Opener {
        Stage open(Path dir) throws Exception;
    }

    private record FreshServers(Map<String, Script> contestants) implements Stage {
        @Override
        public boolean sharesServers() {
            return false;
        }

        @Override
        public void close() {
            // nothing in common
        }
    }

    /** Prints the table and says whether all aims were reached. */
    boolean print(Map<String, List<Double>> scores, PrintStream out) {
        out.printf("### %s: %s%n%n| | %s: min | median | max | ours ÷ this: median (min–max) | aim |%n", name, title, unit);
        out.println("|---|---:|---:|---:|---:|---|");
        List<String> labels = new ArrayList<>(scores.keySet());
        List<Double> ours = scores.get(labels.get(0));
        boolean good = true;
        for (int i = 0; i < labels.size(); i++) {
            List<Double> theirs = scores.get(labels.get(i));
            List<Double> compared = labels.size() == 1 ? ours : i == 0 ? List.of() : ratios(ours, theirs);
            String verdict = "";
            int at = labels.size() == 1 ? 0 : i - 1;
            if (!compared.isEmpty() && at < aims.size()) {
                double aim = aims.get(at);
                boolean reached = isMost ? median(compared) <= aim : median(compared) >= aim;
                good &= reached;
                verdict = String.format(Locale.ROOT, "%s %s %.2f", reached ? "reached" : "missed", isMost ? "≤" : "≥", aim);
            }
            String ratio = labels.size() == 1 || compared.isEmpty() ? "" : String.format(
                    Locale.ROOT, "%.2f (%.2f–%.2f)", median(compared), Collections.min(compared), Collections.max(compared));
            out.printf(Locale.ROOT, "| %s | %,.2f | %,.2f | %,.2f | %s | %s |%n",
                    labels.get(i), Collections.min(theirs), median(theirs), Collections.max(theirs), ratio, verdict);
        }
        out.println();
        return good;
    }

    private static List<Double> ratios(List<Double> ours, List<Double> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return ratios;
    }

    private static double median(List<Double> numbers) {
        List<Double> sorted = new ArrayList<>(numbers);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
