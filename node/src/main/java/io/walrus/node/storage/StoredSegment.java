package io.walrus.node.storage;

import io.walrus.metadata.SegmentId;

/**
 * A segment of one life of a topic.
 *
 * @param topic the topic it belongs to
 * @param number its number, from 1
 */
public record StoredSegment(StoredTopic topic, int number) {

    /** What the metadata calls it. */
    public SegmentId id() {
        return new SegmentId(topic.name(), number);
    }

    @Override
    public String toString() {
        return id().toString();
    }
}
