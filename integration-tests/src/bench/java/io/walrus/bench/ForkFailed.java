package io.walrus.bench;

/** A child did not deliver; the message says why, as far as its output tells. */
final class ForkFailed extends Exception {
    private static final long serialVersionUID = 1;

    ForkFailed(String message) {
        super(message);
    }

    ForkFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
