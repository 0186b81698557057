package io.walrus.metadata;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The newest state, and where it may differ from the one that was told before: with many topics,
 * most changes are about one.
 *
 * @param view the state as it is now
 * @param topics the only topics that may have changed, come or gone, by name; empty if any of them,
 *     or a node, may have
 */
public record ViewChange(ClusterMetadata view, Optional<Set<String>> topics) {

    public ViewChange {
        Objects.requireNonNull(view, "view");
        topics = topics.map(Set::copyOf);
    }

    /** A change of whatever it be. */
    public static ViewChange whole(ClusterMetadata view) {
        return new ViewChange(view, Optional.empty());
    }
}
