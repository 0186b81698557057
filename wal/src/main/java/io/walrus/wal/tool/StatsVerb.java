package io.walrus.wal.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Prints how much there is, per topic and in all. Bytes are those of payloads unless it says so.
 */
final class StatsVerb {

    private static final String ROW = "%-32s %12d %12d %12d %14d %6d %14d %-6s %7d%n";
    private static final String HEAD = "%-32s %12s %12s %12s %14s %6s %14s %-6s %7s%n";

    private final ToolArguments arguments;
    private final PrintStream out;
    private long entries;
    private long payloadBytes;
    private long files;
    private long fileBytes;

    StatsVerb(ToolArguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
    }

    void run(LogLook log) throws IOException, LogLook.NotThereException {
        boolean json = arguments.format() == ToolArguments.Format.JSON;
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    HEAD,
                    "topic",
                    "start",
                    "end",
                    "entries",
                    "bytes",
                    "files",
                    "file bytes",
                    "state",
                    "cursors");
        }
        for (Topic topic : log.topics(arguments.topic())) {
            StreamLook.Totals totals = log.walk(topic, 0, (in, frame, scan) -> true);
            add(totals);
            if (json) {
                out.println(jsonOf(topic, totals));
            } else {
                row(topic, totals);
            }
        }
        if (!json) {
            total(log.journal());
        }
    }

    private void add(StreamLook.Totals totals) {
        entries += totals.entries();
        payloadBytes += totals.payloadBytes();
        files += totals.files();
        fileBytes += totals.fileBytes();
    }

    private void row(Topic topic, StreamLook.Totals totals) {
        out.printf(
                Locale.ROOT,
                ROW,
                topic.name(),
                topic.startOffset(),
                totals.endOffset(),
                totals.entries(),
                totals.payloadBytes(),
                totals.files(),
                totals.fileBytes(),
                topic.sealed() ? "sealed" : "open",
                topic.slots().size());
    }

    private void total(JournalLook journal) {
        out.printf(
                Locale.ROOT,
                "total: %d entries, %d bytes in %d files of %d bytes, and %d journal files of %d bytes",
                entries,
                payloadBytes,
                files,
                fileBytes,
                journal.files(),
                journal.bytes());
        if (payloadBytes > 0) {
            out.printf(
                    Locale.ROOT,
                    "; overhead %.1f %% without the journal",
                    100.0 * (fileBytes - payloadBytes) / payloadBytes);
        }
        out.println();
    }

    private static String jsonOf(Topic topic, StreamLook.Totals totals) {
        return String.format(
                Locale.ROOT,
                "{\"topic\":%s,\"start\":%d,\"end\":%d,\"entries\":%d,\"bytes\":%d,\"files\":%d,"
                        + "\"file_bytes\":%d,\"sealed\":%b,\"cursors\":%d}",
                EntryPrint.quoted(topic.name()),
                topic.startOffset(),
                totals.endOffset(),
                totals.entries(),
                totals.payloadBytes(),
                totals.files(),
                totals.fileBytes(),
                topic.sealed(),
                topic.slots().size());
    }
}
