package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.TopicMetadata;
import io.walrus.node.storage.StoredSegment;
import io.walrus.node.storage.StoredTopic;
import java.util.Optional;

/** What the metadata calls a topic or a segment, as the storage room knows it. */
final class Stored {

    private Stored() {}

    static StoredTopic topic(TopicMetadata topic) {
        return new StoredTopic(topic.name(), topic.id());
    }

    static StoredSegment segment(TopicMetadata topic, int number) {
        return topic(topic).segment(number);
    }

    /** Empty if the view has no such topic. */
    static Optional<StoredSegment> segment(ClusterMetadata view, SegmentId segment) {
        return view.topic(segment.topic()).map(topic -> segment(topic, segment.number()));
    }

    /** Whether that life of the topic is the one that the view shows. */
    static boolean isShown(ClusterMetadata view, StoredTopic topic) {
        return view.topic(topic.name()).filter(known -> known.id() == topic.id()).isPresent();
    }

    /**
     * Whether that life of the topic has ended for good. A view that is older than the topic does
     * not know.
     */
    static boolean isDeleted(ClusterMetadata view, StoredTopic topic) {
        return topic.id() <= view.version() && !isShown(view, topic);
    }
}
