package io.walrus.client;

/**
 * Where an entry is, or will be.
 *
 * @param segment the segment's number, from 1
 * @param offset the offset within the segment, 0-based
 */
public record Place(int segment, long offset) implements Comparable<Place> {

    /** The first place of every topic. */
    public static final Place FIRST = new Place(1, 0);

    /** Checks both numbers. */
    public Place {
        if (segment < 1 || offset < 0) {
            throw new IllegalArgumentException(
                    "a place is a segment from 1 and an offset from 0; came: "
                            + segment
                            + ":"
                            + offset);
        }
    }

    @Override
    public int compareTo(Place other) {
        int bySegment = Integer.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return segment + ":" + offset;
    }
}
