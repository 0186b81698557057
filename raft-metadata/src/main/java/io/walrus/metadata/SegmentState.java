package io.walrus.metadata;

/** The three states of a segment's life; it only ever moves down this list. */
public enum SegmentState {
    /** Its leader may append, while it holds its lease. */
    OPEN,
    /** Nobody may append; the exact count is not known yet (its leader died). */
    SEALING,
    /** Frozen at an exact count, for ever. */
    SEALED
}
