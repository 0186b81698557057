package io.walrus.bench;

/** A child did not deliver; the message says why, as far as its output tells. */
final class ForkFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean leftOut;

    ForkFailed(String message) {
        this(message, false);
    }

    ForkFailed(String message, boolean leftOut) {
        super(message);
        this.leftOut = leftOut;
    }

    ForkFailed(String message, Throwable cause) {
        super(message, cause);
        this.leftOut = false;
    }

    /** Whether the engine cannot do this here, which is no fault of the run. */
    boolean leftOut() {
        return leftOut;
    }
}
