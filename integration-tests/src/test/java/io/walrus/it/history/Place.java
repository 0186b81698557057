package io.walrus.it.history;

import java.util.Comparator;

/**
 * Where an entry lies: its segment and the offset in it, both as the wire tells them. An embedded
 * log is one segment.
 */
public record Place(long segment, long offset) implements Comparable<Place> {
    private static final Comparator<Place> LOG_ORDER =
            Comparator.comparingLong(Place::segment).thenComparingLong(Place::offset);

    @Override
    public int compareTo(Place other) {
        return LOG_ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return segment + "/" + offset;
    }
}
