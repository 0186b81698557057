package io.walrus.metadata;

import java.util.Optional;

/** The rule of the shared cursor: it moves to places that exist, and never back. */
final class Cursors {
    private Cursors() {}

    /** Whether an entry can be there, now or later: the end of a sealed segment counts. */
    static boolean exists(TopicMetadata topic, CursorPosition cursor) {
        Optional<SegmentMetadata> segment = topic.segment(cursor.segment());
        if (segment.isEmpty()) {
            return false;
        }
        return segment.get().count().isEmpty()
                || cursor.offset() <= segment.get().count().getAsLong();
    }

    /** The topic with its cursor at that place, or where it was if that is further on. */
    static TopicMetadata moved(TopicMetadata topic, CursorPosition cursor) {
        return cursor.compareTo(topic.cursor()) <= 0
                ? topic
                : new TopicMetadata(topic.name(), topic.id(), topic.segments(), cursor);
    }
}
