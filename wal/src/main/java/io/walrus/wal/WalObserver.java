package io.walrus.wal;

import java.nio.file.Path;

/**
 * Hooks for metrics. Called on the thread that did the work, engine threads among them: return at
 * once, never call back into the log, and never throw: one that throws fails the log for good.
 */
public interface WalObserver {

    /** Hears nothing. */
    WalObserver NONE = new WalObserver() {};

    /** Entries were acknowledged. */
    default void appended(String topic, int entries, long bytes) {}

    /** A file was forced. */
    default void synced(long nanos) {}

    /** A sync failed; the log is failed for good. */
    default void failed(Throwable cause) {}

    /** An append was refused for lack of space. */
    default void full(String topic) {}

    /**
     * A file or directory that nothing needs could not be removed, and the next opening tries
     * again; or an idle file was closed and the disk complained.
     */
    default void leftBehind(Path path, Throwable cause) {}

    /** A stream was sealed at that end. */
    default void sealed(String topic, long endOffset) {}
}
