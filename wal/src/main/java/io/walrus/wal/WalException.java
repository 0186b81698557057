package io.walrus.wal;

import java.nio.file.Path;

/**
 * Why the log refused or failed. The message says what was expected, what was found and where;
 * {@link #kind()} is for code, and answers the two questions that every failure owes: may I retry,
 * and may it have happened?
 */
public final class WalException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure. */
    public enum Kind {
        /** The log was closed. */
        CLOSED(false, false),
        /** A topic or cursor name breaks the rule. */
        ILLEGAL_NAME(false, false),
        /** No such topic. */
        NO_TOPIC(false, false),
        /** An entry is over the limit. */
        ENTRY_TOO_LARGE(false, false),
        /** A batch is empty, or over the limit of entries or bytes. */
        BATCH_REFUSED(false, false),
        /** The topic is sealed: it takes no more entries. */
        SEALED(false, false),
        /** An offset outside of what the topic holds. */
        OUT_OF_RANGE(false, false),
        /**
         * No space on the disk; nothing was written. It works again by itself when there is space.
         */
        FULL(true, false),
        /**
         * Too many asynchronous appends in flight, or no memory for a large one; nothing was
         * written. Works when there is room again.
         */
        BUSY(true, false),
        /**
         * A sync or write failed; whatever waited for it may or may not be on disk. Final until
         * reopened.
         */
        FAILED(false, true),
        /**
         * An earlier failure stopped this log, or damage stopped this topic; nothing of this append
         * was written.
         */
        STOPPED(false, false),
        /** Stored bytes do not match their checksum. */
        DAMAGED(false, false),
        /** Another log, in this or another process, has the directory open. */
        LOCKED(true, false),
        /** The directory was written by a newer version; it was left untouched. */
        NEWER_VERSION(false, false),
        /** The directory holds files that are not a log's; it was left untouched. */
        FOREIGN(false, false),
        /**
         * The file system refused or failed outside of an append; nothing acknowledged is affected.
         */
        IO(true, false);

        private final boolean mayRetry;
        private final boolean mayHaveHappened;

        Kind(boolean mayRetry, boolean mayHaveHappened) {
            this.mayRetry = mayRetry;
            this.mayHaveHappened = mayHaveHappened;
        }
    }

    private final Kind kind;
    private final transient Path file;
    private final long position;

    WalException(Kind kind, String message) {
        this(kind, message, null, -1, null);
    }

    WalException(Kind kind, String message, Throwable cause) {
        this(kind, message, null, -1, cause);
    }

    WalException(Kind kind, String message, Path file, long position, Throwable cause) {
        super(file == null ? message : message + " (" + file + " at byte " + position + ")", cause);
        this.kind = kind;
        this.file = file;
        this.position = position;
    }

    public Kind kind() {
        return kind;
    }

    /** The cause may pass, and the same call again is neither a duplicate nor pointless. */
    public boolean mayRetry() {
        return kind.mayRetry;
    }

    /** What was asked for may be in the log. */
    public boolean mayHaveHappened() {
        return kind.mayHaveHappened;
    }

    /** The file concerned, or null. */
    public Path file() {
        return file;
    }

    /** The byte in that file, or -1. */
    public long position() {
        return position;
    }
}
