package io.walrus.node.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one token may do.
 *
 * @param name what people call the token; it may be shown
 * @param patterns for each right, topic names, or beginnings of names that end in {@code *}
 */
record Grants(String name, Map<Right, List<String>> patterns) {

    static final String EVERY_TOPIC = "*";

    Grants {
        patterns = Map.copyOf(patterns);
    }

    boolean may(Right right, String topic) {
        return patterns.getOrDefault(right, List.of()).stream()
                .anyMatch(pattern -> matches(pattern, topic));
    }

    /** Not for one topic, for the node itself. */
    boolean mayMoveNodes() {
        return patterns.getOrDefault(Right.ADMIN, List.of()).contains(EVERY_TOPIC);
    }

    /** Names, counts and addresses of all topics and nodes. */
    boolean maySeeAll() {
        return mayMoveNodes() || patterns.getOrDefault(Right.READ, List.of()).contains(EVERY_TOPIC);
    }

    Set<Right> rightsOn(String topic) {
        var rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
            if (may(right, topic)) {
                rights.add(right);
            }
        }
        return rights;
    }

    private static boolean matches(String pattern, String topic) {
        return pattern.endsWith("*")
                ? topic.startsWith(pattern.substring(0, pattern.length() - 1))
                : topic.equals(pattern);
    }
}
