package io.walrus.wal;

import java.io.Closeable;
import java.io.IOException;

/** Closes many things: one that will not close keeps none of the others open. */
final class Closing {

    private Closing() {}

    /**
     * Closes all, in order; null is nothing to close.
     *
     * @throws IOException the first refusal, the later ones suppressed in it
     */
    static void all(Iterable<? extends Closeable> open) throws IOException {
        IOException refused = null;
        for (Closeable one : open) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (IOException failed) {
                if (refused == null) {
                    refused = failed;
                } else {
                    refused.addSuppressed(failed);
                }
            }
        }
        if (refused != null) {
            throw refused;
        }
    }
}
