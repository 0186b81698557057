package io.walrus.node.observe;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import java.util.List;

/** Tells in words what happened between two views of the cluster. Pure but for its sink. */
final class ViewChanges {

    /** Takes what happened. */
    @FunctionalInterface
    interface Sink {
        void happened(String kind, String topic, int segments, String what);
    }

    private ViewChanges() {}

    static void between(ClusterMetadata before, ClusterMetadata after, Sink sink) {
        nodes(before, after, sink);
        for (TopicMetadata topic : after.topics().values()) {
            TopicMetadata old = before.topics().get(topic.name());
            if (old == topic) {
                continue;
            }
            if (old == null || old.id() != topic.id()) {
                sink.happened(
                        "topic",
                        topic.name(),
                        1,
                        "topic created, node %d leads it"
                                .formatted(topic.segments().get(0).leaderNode()));
                segments(List.of(), topic, sink);
            } else {
                segments(old.segments(), topic, sink);
            }
        }
        for (String name : before.topics().keySet()) {
            if (!after.topics().containsKey(name)) {
                sink.happened("topic", name, 0, "topic deleted");
            }
        }
    }

    private static void nodes(ClusterMetadata before, ClusterMetadata after, Sink sink) {
        for (NodeMetadata node : after.nodes().values()) {
            NodeMetadata old = before.nodes().get(node.id());
            if (old == null) {
                sink.happened("joined", "", 0, "node %d joined".formatted(node.id()));
            } else if (!old.storeId().equals(node.storeId())) {
                sink.happened(
                        "joined",
                        "",
                        0,
                        "node %d came back with another data directory".formatted(node.id()));
            } else if (old.boot() != node.boot()) {
                sink.happened("restarted", "", 0, "node %d was started again".formatted(node.id()));
            }
        }
        for (NodeMetadata node : before.nodes().values()) {
            if (!after.nodes().containsKey(node.id())) {
                sink.happened("left", "", 0, "node %d left".formatted(node.id()));
            }
        }
    }

    private static void segments(List<SegmentMetadata> old, TopicMetadata topic, Sink sink) {
        for (SegmentMetadata segment : topic.segments()) {
            SegmentState was =
                    segment.number() <= old.size()
                            ? old.get(segment.number() - 1).state()
                            : SegmentState.OPEN;
            if (was != segment.state()) {
                segment(was, segment, topic, sink);
            }
        }
    }

    private static void segment(
            SegmentState was, SegmentMetadata segment, TopicMetadata topic, Sink sink) {
        int opened = Math.min(segment.number() + 1, topic.segments().size());
        String next =
                topic.segment(segment.number() + 1)
                        .map(
                                s ->
                                        "segment %d is open at node %d"
                                                .formatted(s.number(), s.leaderNode()))
                        .orElse("no next segment yet");
        if (segment.state() == SegmentState.SEALING) {
            sink.happened(
                    "failover",
                    topic.name(),
                    opened,
                    "node %d was silent, segment %d was taken from it; %s"
                            .formatted(segment.leaderNode(), segment.number(), next));
        } else if (was == SegmentState.SEALING) {
            sink.happened(
                    "sealed",
                    topic.name(),
                    0,
                    "node %d told the count of segment %d: %d"
                            .formatted(
                                    segment.leaderNode(),
                                    segment.number(),
                                    segment.count().orElse(0)));
        } else {
            sink.happened(
                    "rollover",
                    topic.name(),
                    opened,
                    "node %d sealed segment %d at %d entries; %s"
                            .formatted(
                                    segment.leaderNode(),
                                    segment.number(),
                                    segment.count().orElse(0),
                                    next));
        }
    }
}
