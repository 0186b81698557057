package io.walrus.protocol;

/**
 * The word after {@code ERR}: what kind of failure, and the two answers every failure owes.
 *
 * <p>The name of the constant is the word on the wire and never changes. A code is either
 * <em>definite</em> (nothing was changed) or says that the change {@link #mayHaveHappened()}.
 */
public enum ErrorCode {
    /** The request cannot be read: wrong arguments, not a number, a missing space. */
    BAD_REQUEST(false, false),
    /** No such verb. Verbs are case-sensitive. */
    NO_COMMAND(false, false),
    /** A verb of the protocol which this server does not serve. */
    UNSUPPORTED(false, false),
    /** A frame of length zero; the connection is closed after the reply. */
    EMPTY_FRAME(false, false),
    /**
     * A frame, entry or batch over the limit; for a frame, the connection is closed after the
     * reply.
     */
    TOO_LARGE(false, false),
    /** A topic or cursor name that breaks the rule of {@link TopicName}. */
    BAD_TOPIC(false, false),
    /** No such topic: the message contains the words {@code unknown topic}. */
    NO_TOPIC(false, false),
    /** The topic has no segment of that number. */
    NO_SEGMENT(false, false),
    /** The place asked for was removed by retention. */
    GONE(false, false),
    /** A commit behind the place where the cursor already stands. */
    CURSOR_BACK(false, false),
    /** The cursor does not stand where the request says it does. */
    CURSOR_MOVED(false, false),
    /** The stored entry fails its checksum; others stay readable. */
    DAMAGED(false, false),
    /** The connection has not authenticated, or the token is wrong. */
    UNAUTHORIZED(false, false),
    /** The connection's token has not the right to do that. */
    FORBIDDEN(false, false),
    /** The node holds entries that nobody else has, and was not told to leave in spite of that. */
    ONLY_COPY(false, false),
    /** The server creates no more of these; something has to be removed, or its limit raised. */
    AT_LIMIT(false, false),
    /** Nobody may write the topic at this moment; it passes when the next leader has its lease. */
    NO_LEADER(true, false),
    /** Too much is waiting already; slow down and send it again. */
    BUSY(true, false),
    /** The disk is full; reads go on. */
    STORAGE_FULL(true, false),
    /**
     * The log of this segment failed for good on this node; the topic has to move or the node to
     * restart.
     */
    STORAGE_FAILED(true, false),
    /** The node is shutting down. */
    STOPPING(true, false),
    /** Waited for its turn until the time was up, and was not begun. */
    TIMED_OUT(true, false),
    /** The outcome is unknown: it may have happened, it may yet. */
    UNKNOWN(false, true),
    /** A defect of the server; the log of the node says more. */
    INTERNAL(false, true),
    /** What a client reads when the server sent a word it does not know; never on the wire. */
    UNRECOGNISED(false, true);

    private static final ErrorCode[] ALL = values();

    private final boolean mayRetry;
    private final boolean mayHaveHappened;

    ErrorCode(boolean mayRetry, boolean mayHaveHappened) {
        this.mayRetry = mayRetry;
        this.mayHaveHappened = mayHaveHappened;
    }

    /** The cause may pass, and the same request sent again is neither a duplicate nor pointless. */
    public boolean mayRetry() {
        return mayRetry;
    }

    /** The change asked for may be in the log, or may still get there. */
    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }

    /** The code of that name, or {@link #UNRECOGNISED}. */
    public static ErrorCode ofWireName(String name) {
        for (ErrorCode code : ALL) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return UNRECOGNISED;
    }
}
