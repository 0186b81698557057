package io.walrus.metadata;

/**
 * Where the shared cursor of a topic stands: the next entry to hand out.
 *
 * @param segment number of the segment, from 1
 * @param offset 0-based offset inside that segment; equal to the segment's count when it is read to
 *     its end
 */
public record CursorPosition(int segment, long offset) implements Comparable<CursorPosition> {
    /** The place before the first entry of a topic. */
    public static final CursorPosition START = new CursorPosition(1, 0);

    public CursorPosition {
        if (segment < 1 || offset < 0) {
            throw new IllegalArgumentException(
                    "a cursor stands at segment >= 1 and offset >= 0, found "
                            + segment
                            + ", "
                            + offset);
        }
    }

    @Override
    public String toString() {
        return segment + ":" + offset;
    }

    @Override
    public int compareTo(CursorPosition other) {
        int bySegment = Integer.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
    }
}
