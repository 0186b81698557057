package io.walrus.node.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the demonstration found.
 *
 * @param digests one for each file of the source, made from what was read back
 * @param acked entries acknowledged before the kill
 * @param stored entries in the log when the killed node was back
 * @param failover from the kill until another node led
 * @param leaders how many segments each node led
 */
record DemoReport(
        DemoSource source,
        List<String> digests,
        int acked,
        int stored,
        long killedPid,
        Duration firstStart,
        Duration recovery,
        Duration failover,
        String leaders,
        Duration writing,
        Duration reading) {

    private static final int FILES_SHOWN_MAX = 12;

    boolean isByteForByte() {
        return differing() == 0;
    }

    private long differing() {
        long differing = 0;
        for (int i = 0; i < digests.size(); i++) {
            differing += digests.get(i).equals(source.files().get(i).sha256()) ? 0 : 1;
        }
        return differing;
    }

    String text() {
        var text = new StringBuilder();
        appendFiles(text);
        int entries = source.entries().size();
        text.append('\n');
        line(text, "files", "%d, %.2f MB", digests.size(), megabytes());
        line(text, "entries", "%d, one for each line", entries);
        line(
                text,
                "written",
                "%.2f s, %.1f MB/s, durable before each ack",
                seconds(writing),
                megabytes() / seconds(writing));
        line(
                text,
                "killed",
                "pid %d (SIGKILL) after %d acks; %d entries were in the log",
                killedPid,
                acked,
                stored);
        line(
                text,
                "recovery",
                "another leader after %d ms; the killed node back %d ms after its start (first start of three: %d ms)",
                failover.toMillis(),
                recovery.toMillis(),
                firstStart.toMillis());
        line(text, "segments", "%s", leaders);
        line(
                text,
                "read back",
                "%.2f s, %.1f MB/s",
                seconds(reading),
                megabytes() / seconds(reading));
        line(
                text,
                "verdict",
                isByteForByte()
                        ? "every file came back byte for byte (SHA-256)"
                        : "FAILED: %d of %d files differ",
                differing(),
                digests.size());
        return text.toString();
    }

    private void appendFiles(StringBuilder text) {
        int shown = 0;
        for (int i = 0; i < digests.size(); i++) {
            DemoSource.DemoFile file = source.files().get(i);
            boolean same = digests.get(i).equals(file.sha256());
            if (!same || shown < FILES_SHOWN_MAX) {
                shown++;
                text.append(
                        "  %-4s %s  %s%n"
                                .formatted(
                                        same ? "ok" : "DIFF",
                                        digests.get(i).substring(0, 16),
                                        file.path()));
            }
        }
        if (digests.size() > shown) {
            text.append("  … and %d more files, all checked%n".formatted(digests.size() - shown));
        }
    }

    private double megabytes() {
        return source.bytes() / 1e6;
    }

    private static double seconds(Duration duration) {
        return Math.max(1, duration.toMillis()) / 1e3;
    }

    private static void line(StringBuilder text, String what, String format, Object... values) {
        text.append("  %-10s %s%n".formatted(what, String.format(Locale.ROOT, format, values)));
    }
}
