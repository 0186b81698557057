package io.walrus.it.history;

/** What the test itself did to the cluster, in the order of the calls around it. */
public sealed interface Mark {
    long stamp();

    /** From here on calls may fail or stay unanswered; what is answered must still be true. */
    record FaultBegins(long stamp, String fault) implements Mark {}

    /**
     * Healed, and the time that the cluster is given to recover is over: from here on all calls
     * succeed.
     */
    record MustWork(long stamp, String fault) implements Mark {}
}
