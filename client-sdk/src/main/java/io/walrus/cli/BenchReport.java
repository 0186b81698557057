package io.walrus.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.walrus.cli.load.Findings;
import io.walrus.cli.load.LatencyBucket;
import io.walrus.cli.load.LoadOptions;
import io.walrus.cli.load.LoadReport;

/**
 * What a benchmark found, as a table with a chart of the latencies, or as JSON with the same
 * numbers.
 */
final class BenchReport {

    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
    private static final double MIB = 1 << 20;

    private final String what;
    private final LoadReport load;
    private final LoadOptions options;
    private String looked;
    private Findings findings;

    BenchReport(String what, LoadReport load, LoadOptions options) {
        this.what = what;
        this.load = load;
        this.options = options;
    }

    /** Adds what a look at the entries found, and what the look is called. */
    void add(String name, Findings found) {
        looked = name;
        findings = found;
    }

    /**
     * @param hasBlocks whether who reads this shows Unicode's blocks
     */
    String text(OutputFormat format, boolean hasBlocks) {
        if (format == OutputFormat.JSON) {
            return json();
        }
        String chart = new LatencyChart(load.latencies(), hasBlocks).text();
        return chart.isEmpty() ? table() : table() + "\n\n" + chart;
    }

    /** 0 if all is well; else says what is not. */
    int exitCode(WalrusCommand root) {
        if (load.failures() > 0) {
            root.note(
                    "walrus: "
                            + load.failures()
                            + " requests failed, one with: "
                            + load.lastFailure().map(Throwable::getMessage).orElse("?"));
        }
        boolean isBroken = findings != null && !findings.isClean();
        if (isBroken) {
            root.note("walrus: a promise was broken: " + sentence(findings));
        }
        return load.failures() > 0 || isBroken ? ExitCode.REFUSED : ExitCode.OK;
    }

    private String table() {
        TextTable table =
                new TextTable()
                        .words("WHAT")
                        .numbers("VALUE")
                        .row("clients x in flight", options.clients() + " x " + options.inFlight())
                        .row(what, "%,d".formatted(load.entries()))
                        .row("failed requests", load.failures())
                        .row("seconds", "%.2f".formatted(load.seconds()))
                        .row(what + "/s", "%,.0f".formatted(load.rate()))
                        .row("MiB/s", "%,.1f".formatted(mibPerSecond()));
        for (double percentile : PERCENTILES) {
            table.row(name(percentile) + " ms", "%.3f".formatted(load.millisAt(percentile)));
        }
        table.row("max ms", "%.3f".formatted(load.millisAt(100)));
        if (findings != null) {
            table.row(looked, sentence(findings));
        }
        return table.text();
    }

    private String json() {
        JsonObject millis = new JsonObject();
        for (double percentile : PERCENTILES) {
            millis.put(name(percentile), load.millisAt(percentile));
        }
        JsonObject report =
                new JsonObject()
                        .put("clients", options.clients())
                        .put("in_flight", options.inFlight())
                        .put(what, load.entries())
                        .put("failed_requests", load.failures())
                        .put("seconds", load.seconds())
                        .put(what + "_per_second", load.rate())
                        .put("mib_per_second", mibPerSecond())
                        .put("millis", millis.put("max", load.millisAt(100)))
                        .put("histogram", buckets());
        if (findings != null) {
            report.put(
                    looked.replace(' ', '_'),
                    new JsonObject()
                            .put("found", findings.found())
                            .put("lost", findings.lost())
                            .put("doubled", findings.doubled())
                            .put("out_of_order", findings.outOfOrder())
                            .put("refused_but_there", findings.unasked())
                            .put("unmarked", findings.unmarked()));
        }
        return report.encode();
    }

    private JsonArray buckets() {
        JsonArray buckets = new JsonArray();
        for (LatencyBucket bucket : load.latencies()) {
            buckets.add(
                    new JsonObject()
                            .put("above_nanos", bucket.aboveNanos())
                            .put("up_to_nanos", bucket.upToNanos())
                            .put("requests", bucket.count()));
        }
        return buckets;
    }

    private double mibPerSecond() {
        return load.seconds() <= 0 ? 0 : load.bytes() / MIB / load.seconds();
    }

    private static String name(double percentile) {
        return "p" + (percentile == Math.rint(percentile) ? (int) percentile + "" : percentile);
    }

    private static String sentence(Findings found) {
        if (found.isClean()) {
            return "%,d, none lost, none doubled, in order%s"
                    .formatted(found.found(), unmarked(found));
        }
        return "%d found, %d lost, %d doubled, %d out of order, %d refused but there%s"
                .formatted(
                        found.found(),
                        found.lost(),
                        found.doubled(),
                        found.outOfOrder(),
                        found.unasked(),
                        unmarked(found));
    }

    private static String unmarked(Findings found) {
        return found.unmarked() == 0
                ? ""
                : "; %,d without a mark of bench put were not looked at"
                        .formatted(found.unmarked());
    }
}
