package io.walrus.wal;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Whether the log may still promise anything. Once a write or a sync has failed it never may again:
 * nobody knows what of the failed bytes is on disk, and the next sync would say they are.
 */
final class LogHealth {

    private final WalObserver observer;
    private final Consumer<Throwable> onFailure;
    private final WalException withoutMemory =
            new WalException(
                    WalException.Kind.FAILED,
                    "memory ran out, so this append may or may not be on disk; open the log anew");
    private volatile Throwable failure;
    private volatile boolean heard;

    /** The directory of a log that was closed; null while it is open. */
    private volatile Path closed;

    /**
     * @param onFailure runs once, before anybody hears of the failure
     */
    LogHealth(WalObserver observer, Consumer<Throwable> onFailure) {
        this.observer = observer;
        this.onFailure = onFailure;
    }

    /** The first failure is the one that is told. Throws nothing itself. */
    WalException fail(Throwable cause) {
        if (isFirst(cause)) {
            tell(onFailure, cause);
            tell(observer::failed, cause);
        }
        if (cause instanceof WalException told && told.kind() == WalException.Kind.FAILED) {
            return told;
        }
        try {
            return new WalException(
                    WalException.Kind.FAILED,
                    "a write or sync failed, so this append may or may not be on disk; open the log anew: "
                            + cause,
                    cause);
        } catch (OutOfMemoryError notEvenForThis) {
            return withoutMemory;
        }
    }

    private synchronized boolean isFirst(Throwable cause) {
        boolean first = failure == null;
        if (first) {
            failure = cause;
        }
        return first;
    }

    private static void tell(Consumer<Throwable> hearer, Throwable cause) {
        try {
            hearer.accept(cause);
        } catch (RuntimeException | Error itself) {
            if (itself != cause) {
                cause.addSuppressed(itself);
            }
        }
    }

    boolean isFailed() {
        return failure != null;
    }

    /** A caller is told of the failure, if there was one. */
    void heard() {
        heard = failure != null;
    }

    /** It failed, and some caller was told. */
    boolean isHeard() {
        return heard;
    }

    Throwable failure() {
        return failure;
    }

    void close(Path dir) {
        closed = dir;
    }

    boolean isClosed() {
        return closed != null;
    }

    /** Refuses what can no longer be promised; reads need only {@link #requireOpen}. */
    void requireHealthy() {
        requireOpen();
        Throwable cause = failure;
        if (cause != null) {
            heard = true;
            throw new WalException(
                    WalException.Kind.STOPPED,
                    "the log stopped at an earlier failure, nothing was written; open it anew: "
                            + cause,
                    cause);
        }
    }

    /** Syncing goes on while the log is being closed, but never after a failure. */
    void requireHealthyToSync() {
        if (failure != null) {
            throw new WalException(
                    WalException.Kind.STOPPED,
                    "the log stopped at an earlier failure, nothing is synced any more: " + failure,
                    failure);
        }
    }

    void requireOpen() {
        if (closed != null) {
            throw new WalException(
                    WalException.Kind.CLOSED,
                    "expected an open log, found the one of %s closed".formatted(closed));
        }
    }
}
