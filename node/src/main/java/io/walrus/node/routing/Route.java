package io.walrus.node.routing;

import io.walrus.metadata.SegmentId;
import io.walrus.node.storage.StoredSegment;

/** Where a write of a topic belongs, as a value. */
sealed interface Route {

    /** This node leads the open segment and has its writer open. */
    record Here(StoredSegment segment, long epoch) implements Route {}

    /** Another node leads it. */
    record There(SegmentId segment, int node) implements Route {}

    /** Nobody may write it at this moment; wait for the next view. */
    record NotYet(String why) implements Route {}

    /** The topic does not exist in this view. */
    record NoTopic() implements Route {}
}
