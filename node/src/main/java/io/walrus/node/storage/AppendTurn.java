package io.walrus.node.storage;

/**
 * Appends of one sender that must keep their order: once one of them comes back with nothing
 * written, those behind it come back too, whatever has changed meanwhile. The sender begins another
 * turn when it has heard of all of this one.
 *
 * <p>Any thread.
 */
public final class AppendTurn {

    private volatile boolean turnedBack;

    /** From now on nothing of this turn is written. */
    void turnBack() {
        turnedBack = true;
    }

    boolean isTurnedBack() {
        return turnedBack;
    }
}
