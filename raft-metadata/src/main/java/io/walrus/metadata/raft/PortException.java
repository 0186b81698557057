package io.walrus.metadata.raft;

/**
 * A call to another member got no answer. Whether it was carried out is in {@link
 * #mayHaveHappened()}.
 */
final class PortException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Kind kind;

    /** How a call failed. */
    enum Kind {
        /** Never left this node, or the other side refused to look at it. */
        NOT_SENT,
        /** The other side answered that it failed. */
        FAILED,
        /** No answer in time, or the connection broke: it may have happened. */
        NO_ANSWER
    }

    PortException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    boolean mayHaveHappened() {
        return kind == Kind.NO_ANSWER;
    }
}
