package io.walrus.it.history;

/** A way in which a history can be wrong, and the promise that it breaks. */
public enum Defect {
    /** Acknowledged, or read by somebody, and later not there. */
    LOST(Promise.ACKED_IS_NEVER_LOST),
    /** "Nothing there", while an acknowledged entry waited. */
    FALSE_EMPTY(Promise.ACKED_IS_NEVER_LOST),
    /** A sealed segment with another count than before, or with more or fewer entries. */
    SEAL_CHANGED(Promise.SEALED_IS_FROZEN),
    /** Two entries seen at one place. */
    OFFSET_CHANGED_MEANING(Promise.OFFSETS_ARE_DENSE),
    /** A place without an entry between places with one. */
    OFFSET_LEFT_OUT(Promise.OFFSETS_ARE_DENSE),
    /** A cursor handed out an entry that lies before one it had handed out already. */
    CURSOR_WENT_BACK(Promise.CURSOR_NEVER_GOES_BACK),
    /** A cursor handed one entry out twice. */
    DELIVERED_TWICE(Promise.DELIVERED_ONCE),
    /** An entry that nobody wrote, or that was read before it was sent. */
    PHANTOM(Promise.READS_ARE_ACKED),
    /** An entry whose append was definitely refused. */
    REFUSED_YET_THERE(Promise.READS_ARE_ACKED),
    /**
     * An entry before another that was acknowledged before it was sent, or that its producer sent
     * first.
     */
    REORDERED(Promise.ORDER_IS_KEPT),
    /** One append, two entries. */
    DUPLICATED(Promise.ROUTED_ONCE),
    /**
     * A call that failed after the cluster had healed, or a topic that nobody could write to any
     * more.
     */
    NOT_RECOVERED(Promise.WRITES_RESUME);

    private final Promise promise;

    Defect(Promise promise) {
        this.promise = promise;
    }

    public Promise promise() {
        return promise;
    }
}
