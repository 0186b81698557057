package io.walrus.metadata;

import java.util.Optional;

/** The rule of cursors: they move to places that exist, and never back by accident. */
final class Cursors {
    /** The most named cursors of one topic: the state is copied whole and must stay small. */
    static final int NAMED_MAX = 1_000;

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
        return cursor.compareTo(topic.cursor()) <= 0 ? topic : topic.withCursor(cursor);
    }
}
