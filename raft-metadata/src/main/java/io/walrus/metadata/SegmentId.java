package io.walrus.metadata;

import java.util.Objects;

/**
 * Names one segment of a topic.
 *
 * @param topic the topic's name
 * @param number the segment's number in its topic, from 1
 */
public record SegmentId(String topic, int number) {
    public SegmentId {
        Objects.requireNonNull(topic, "topic");
        if (number < 1) {
            throw new IllegalArgumentException("segment numbers start at 1, found " + number);
        }
    }
}
