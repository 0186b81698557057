package io.walrus.node.storage;

import io.walrus.metadata.SegmentId;
import java.util.Optional;

/**
 * The one place that maps a segment or a topic's shared cursor to the name of its stream in the log
 * engine.
 *
 * <p>{@code s.<topic>.<number>} is a segment, {@code c.<topic>} a cursor log. The number follows
 * the last dot, and the first letter tells the kind, so no two of them meet whatever a topic is
 * called.
 */
final class SegmentStreams {

    /** Longest stream name: two letters, a topic of 128, a dot, and an int. */
    static final int NAME_LENGTH_MAX = 2 + 128 + 1 + 10;

    private SegmentStreams() {}

    static String streamOf(SegmentId segment) {
        return "s." + segment.topic() + "." + segment.number();
    }

    static String cursorStreamOf(String topic) {
        return "c." + topic;
    }

    static Optional<SegmentId> segmentOf(String stream) {
        int dot = stream.lastIndexOf('.');
        if (!stream.startsWith("s.") || dot <= 2) {
            return Optional.empty();
        }
        return Optional.of(
                new SegmentId(
                        stream.substring(2, dot), Integer.parseInt(stream.substring(dot + 1))));
    }
}
