package io.walrus.it.history;

/** The promises that a client can see broken, by the names they have everywhere else. */
public enum Promise {
    ACKED_IS_NEVER_LOST("AckedIsNeverLost"),
    SEALED_IS_FROZEN("SealedIsFrozen"),
    OFFSETS_ARE_DENSE("OffsetsAreDense"),
    CURSOR_NEVER_GOES_BACK("CursorNeverGoesBack"),
    DELIVERED_ONCE("DeliveredOnce"),
    READS_ARE_ACKED("ReadsAreAcked"),
    ORDER_IS_KEPT("OrderIsKept"),
    ROUTED_ONCE("RoutedOnce"),
    /** Not safety but progress; the spec has it by this name. */
    WRITES_RESUME("WritesResume");

    private final String title;

    Promise(String title) {
        this.title = title;
    }

    /** The name in documents and in the spec. */
    public String title() {
        return title;
    }
}
