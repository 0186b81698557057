package io.walrus.bench.engine;

/** The engine has no such thing, or what it needs is not on this machine: left out with a reason, no failure of the run. */
public final class CannotHere extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotHere(String reason) {
        super(reason);
    }
}
