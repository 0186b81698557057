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
                "%d topics, %d files, %d journal files, %d whole entries, %d bytes of payload: %s%n",
                topics,
                files,
                log.journal().files(),
                entries,
                payloadBytes,
                findings.damages() == 0
                        ? "nothing is damaged"
                        : findings.damages() + " DAMAGED places");
    }
}
