package io.walrus.node.storage;

import java.util.Optional;

/**
 * The one place that maps a segment or a topic's shared cursor to the name of its stream in the log
 * engine.
 *
 * <p>{@code e.<topic>.<id>.<number>} is a segment, {@code c.<topic>.<id>} a cursor log. The numbers
 * follow the last dots, and the first letter tells the kind, so no two of them meet whatever a
 * topic is called. The id keeps a topic apart from a deleted one of the same name.
 */
final class SegmentStreams {

    /** Longest stream name: two letters, a topic of 128, and behind two dots a long and an int. */
    static final int NAME_LENGTH_MAX = 2 + 128 + 1 + 19 + 1 + 10;

    private SegmentStreams() {}

    static String streamOf(StoredSegment segment) {
        StoredTopic topic = segment.topic();
        return "e." + topic.name() + "." + topic.id() + "." + segment.number();
    }

    static String cursorStreamOf(StoredTopic topic) {
        return "c." + topic.name() + "." + topic.id();
    }

    static Optional<StoredSegment> segmentOf(String stream) {
        int dot = stream.lastIndexOf('.');
        return stream.startsWith("e.") && dot > 2
                ? topicIn(stream.substring(2, dot))
                        .map(topic -> topic.segment(Integer.parseInt(stream.substring(dot + 1))))
                : Optional.empty();
    }

    /** The topic that a stream belongs to, segment or cursor. */
    static Optional<StoredTopic> topicOf(String stream) {
        return stream.startsWith("c.")
                ? topicIn(stream.substring(2))
                : segmentOf(stream).map(StoredSegment::topic);
    }

    private static Optional<StoredTopic> topicIn(String nameAndId) {
        int dot = nameAndId.lastIndexOf('.');
        return dot < 1
                ? Optional.empty()
                : Optional.of(
                        new StoredTopic(
                                nameAndId.substring(0, dot),
                                Long.parseLong(nameAndId.substring(dot + 1))));
    }
}
