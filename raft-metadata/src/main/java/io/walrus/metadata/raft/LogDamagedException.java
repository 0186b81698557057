package io.walrus.metadata.raft;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of the replicated log is not what was written. The member must not start from it; it can
 * join again as a new store.
 */
final class LogDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    LogDamagedException(Path file, long position, String found) {
        super(
                file
                        + " at position "
                        + position
                        + ": "
                        + found
                        + ". Nothing was changed. Put the file back from a copy, or empty the directory and join the"
                        + " cluster again as a new store");
    }
}
