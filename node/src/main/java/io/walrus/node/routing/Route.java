package io.walrus.node.routing;

import io.walrus.metadata.SegmentId;
import io.walrus.node.storage.StoredSegment;

/** Where a write of a topic belongs, as a value. */
sealed interface Route {

    /** The number of the topic's last segment; 0 if there is no topic. */
    int segmentNumber();

    /** This node leads the open segment and has its writer open. */
    record Here(StoredSegment segment, long epoch) implements Route {
        @Override
        public int segmentNumber() {
            return segment.number();
        }
    }

    /** Another node leads it. */
    record There(SegmentId segment, int node) implements Route {
        @Override
        public int segmentNumber() {
            return segment.number();
        }
    }

    /** This node leads it and opens its writer at this moment. */
    record Opening(StoredSegment segment) implements Route {
        @Override
        public int segmentNumber() {
            return segment.number();
        }
    }

    /** Nobody may write it any more; wait for the next one. */
    record Sealing(StoredSegment segment) implements Route {
        @Override
        public int segmentNumber() {
            return segment.number();
        }
    }

    /** The topic does not exist in this view. */
    record NoTopic() implements Route {
        @Override
        public int segmentNumber() {
            return 0;
        }
    }
}
