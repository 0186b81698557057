package io.walrus.metadata;

import java.util.Collection;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Chooses leaders: round robin over the live nodes by id. Pure; whoever proposes calls it, {@code
 * apply} never does.
 */
public final class LeaderRotation {
    private LeaderRotation() {}

    /**
     * The live node with the next higher id, from the lowest again behind the highest; empty if
     * nobody lives.
     */
    public static OptionalInt next(int after, Collection<Integer> live) {
        TreeSet<Integer> sorted = new TreeSet<>(live);
        if (sorted.isEmpty()) {
            return OptionalInt.empty();
        }
        Integer higher = sorted.higher(after);
        return OptionalInt.of(higher != null ? higher : sorted.first());
    }

    /**
     * The leader of a new topic's first segment: the next one after the newest topic's first
     * leader.
     */
    public static OptionalInt initial(ClusterMetadata view, Collection<Integer> live) {
        return next(view.lastInitialLeader(), live);
    }
}
