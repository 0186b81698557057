package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.ViewChange;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What nodes lead that are silent. One may be so for months, and there may be many topics: once it
 * led none of them, only those are looked at that have changed since.
 *
 * <p>Lives on the owning thread.
 */
final class SilentNodes {

    private final Set<Integer> leadingNothing = new HashSet<>();
    private final Set<String> changed = new HashSet<>();

    /** Tell it before the next look at a view that has the change. */
    void onChange(ViewChange change) {
        if (change.topics().isEmpty()) {
            forget();
        } else if (!leadingNothing.isEmpty()) {
            changed.addAll(change.topics().get());
        }
    }

    /** All topics are looked at the next time. */
    void forget() {
        leadingNothing.clear();
        changed.clear();
    }

    /** The topics whose open segment that node leads. */
    List<TopicMetadata> ledBy(int nodeId, ClusterMetadata view) {
        List<TopicMetadata> led =
                topicsFor(nodeId, view).stream().filter(topic -> isLedBy(nodeId, topic)).toList();
        if (led.isEmpty()) {
            leadingNothing.add(nodeId);
        } else {
            leadingNothing.remove(nodeId);
        }
        return led;
    }

    private Collection<TopicMetadata> topicsFor(int nodeId, ClusterMetadata view) {
        return leadingNothing.contains(nodeId)
                ? changed.stream().map(view::topic).flatMap(Optional::stream).toList()
                : view.topics().values();
    }

    private static boolean isLedBy(int nodeId, TopicMetadata topic) {
        return topic.openSegment().filter(open -> open.leaderNode() == nodeId).isPresent();
    }

    /** That node speaks. */
    void isBack(int nodeId) {
        leadingNothing.remove(nodeId);
    }

    /** All silent nodes were asked for. */
    void allLooked() {
        changed.clear();
    }
}
