package io.walrus.wal.tool;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** Says what was found, as it is found, and counts what is damage. */
final class Findings {

    private final Path dir;
    private final PrintStream out;
    private int damages;
    private int notes;

    Findings(Path dir, PrintStream out) {
        this.dir = dir;
        this.out = out;
    }

    /** Bytes that were safe once and are not what they were. */
    void damaged(Path file, long position, String what) {
        damages++;
        say("DAMAGED", file, position, what);
    }

    /** Worth a line and nobody's loss: what a crash leaves, what a writer is still at. */
    void note(Path file, long position, String what) {
        notes++;
        say("note", file, position, what);
    }

    private void say(String kind, Path file, long position, String what) {
        out.printf(
                Locale.ROOT, "%s %s at byte %d: %s%n", kind, dir.relativize(file), position, what);
    }

    int damages() {
        return damages;
    }

    int notes() {
        return notes;
    }
}
