package io.walrus.wal;

import java.time.Duration;

/**
 * When appended bytes are forced to the disk, and so what a returned append promises.
 *
 * <p>A process crash ({@code kill -9}) loses nothing that was acknowledged under any policy but the
 * user's own buffers: the operating system has the bytes. The policies differ in what a crash of
 * the operating system or a power cut may take.
 */
public sealed interface FsyncPolicy {

    /**
     * Durable before the ack; concurrent appends share one sync (group commit). Nothing
     * acknowledged is ever lost.
     */
    static FsyncPolicy each() {
        return new Each();
    }

    /**
     * A background flush every so often, 1 ms to 365 days; at most that much time of acks can be
     * lost by a power cut.
     */
    static FsyncPolicy every(Duration interval) {
        return new Every(interval);
    }

    /**
     * The first append after the window, 1 ms to 365 days, has passed pays the sync for all before
     * it; no background work.
     */
    static FsyncPolicy window(Duration window) {
        return new Window(window);
    }

    /** Never, except by {@link Wal#sync()}, sealing and closing. */
    static FsyncPolicy none() {
        return new None();
    }

    /** See {@link #each()}. */
    record Each() implements FsyncPolicy {}

    /** See {@link #every(Duration)}. */
    record Every(Duration interval) implements FsyncPolicy {
        public Every {
            requireUsable(interval);
        }
    }

    /** See {@link #window(Duration)}. */
    record Window(Duration window) implements FsyncPolicy {
        public Window {
            requireUsable(window);
        }
    }

    /** See {@link #none()}. */
    record None() implements FsyncPolicy {}

    private static void requireUsable(Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0
                || duration.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("expected 1 ms to 365 days, got " + duration);
        }
    }
}
