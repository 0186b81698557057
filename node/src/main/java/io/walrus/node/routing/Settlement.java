package io.walrus.node.routing;

import io.walrus.metadata.SegmentId;
import io.walrus.protocol.ErrorCode;

/** What became of an entry that was handed to the router. */
public sealed interface Settlement {

    /**
     * Stored as promised; the first of the settled entries is at {@code firstOffset} of {@code
     * segment}.
     */
    record Stored(SegmentId segment, long firstOffset) implements Settlement {}

    /** Not stored, or unknown if the code says so. */
    record Failed(ErrorCode code, String message) implements Settlement {}
}
