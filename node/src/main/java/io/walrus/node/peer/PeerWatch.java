package io.walrus.node.peer;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether another node answers in time. One that did not is asked again by one question at a time,
 * for which nobody waits, until it answers. Any thread.
 */
final class PeerWatch {

    private final AtomicBoolean isTried = new AtomicBoolean();
    private volatile boolean isLate;

    boolean isLate() {
        return isLate;
    }

    /** Somebody has waited long enough. */
    void late() {
        isLate = true;
    }

    /** It answered, whatever it was. */
    void answered() {
        isLate = false;
    }

    /** Whether a question may go to it now; each that went is told as ended. */
    boolean mayAsk() {
        return !isLate || isTried.compareAndSet(false, true);
    }

    void ended() {
        isTried.set(false);
    }
}
