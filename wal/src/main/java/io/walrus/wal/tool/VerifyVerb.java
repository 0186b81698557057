package io.walrus.wal.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/** Reads every frame of every topic, and everything beside them. */
final class VerifyVerb {

    private VerifyVerb() {}

    static void run(LogLook log, Findings findings, PrintStream out)
            throws IOException, LogLook.NotThereException {
        long topics = 0;
        long files = 0;
        long entries = 0;
        long payloadBytes = 0;
        for (Topic topic : log.topics(null)) {
            StreamLook.Totals totals = log.walk(topic, 0, (in, frame, scan) -> true);
            topics++;
            files += totals.files();
            entries += totals.entries();
            payloadBytes += totals.payloadBytes();
        }
        log.checkCursors();
        log.noteLeftovers();
        out.printf(
                Locale.ROOT,
                "%s, %s, %s, %s, %s of payload: %s%n",
                count(topics, "topic", "topics"),
                count(files, "file", "files"),
                count(log.journal().files(), "journal file", "journal files"),
                count(entries, "whole entry", "whole entries"),
                count(payloadBytes, "byte", "bytes"),
                findings.damages() == 0
                        ? "nothing is damaged"
                        : count(findings.damages(), "DAMAGED place", "DAMAGED places"));
    }

    private static String count(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
