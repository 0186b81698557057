package io.walrus.metadata;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the cluster knows about one topic.
 *
 * @param name the topic's name
 * @param id differs between a deleted topic and a later one of the same name; never reused
 * @param segments all segments, numbered 1, 2, 3 … without a gap; only the last one can be open
 * @param cursor the last checkpoint of the shared cursor; the segment's leader may be ahead of it
 * @param namedCursors where each named cursor stands, by its name
 * @param reads what its shared cursor promises
 */
public record TopicMetadata(
        String name,
        long id,
        List<SegmentMetadata> segments,
        CursorPosition cursor,
        SortedMap<String, CursorPosition> namedCursors,
        ReadRule reads) {

    public TopicMetadata {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(reads, "reads");
        segments = List.copyOf(segments);
        namedCursors = Collections.unmodifiableSortedMap(new TreeMap<>(namedCursors));
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("a topic has at least one segment: " + name);
        }
    }

    /** A topic that begins: nobody has read anything. */
    static TopicMetadata begun(String name, long id, SegmentMetadata first) {
        return new TopicMetadata(
                name,
                id,
                List.of(first),
                CursorPosition.START,
                Collections.emptySortedMap(),
                ReadRule.AS_NODE);
    }

    TopicMetadata withSegments(List<SegmentMetadata> next) {
        return new TopicMetadata(name, id, next, cursor, namedCursors, reads);
    }

    TopicMetadata withCursor(CursorPosition next) {
        return new TopicMetadata(name, id, segments, next, namedCursors, reads);
    }

    TopicMetadata withNamedCursor(String cursorName, CursorPosition next) {
        TreeMap<String, CursorPosition> cursors = new TreeMap<>(namedCursors);
        cursors.put(cursorName, next);
        return new TopicMetadata(name, id, segments, cursor, cursors, reads);
    }

    TopicMetadata withReads(ReadRule next) {
        return new TopicMetadata(name, id, segments, cursor, namedCursors, next);
    }

    /** The segment that takes appends now; empty while a failover has not opened the next one. */
    public Optional<SegmentMetadata> openSegment() {
        return Optional.of(lastSegment()).filter(last -> last.state() == SegmentState.OPEN);
    }

    /** The newest segment, whatever its state. */
    public SegmentMetadata lastSegment() {
        return segments.get(segments.size() - 1);
    }

    /** The segment of that number, if the topic has got that far. */
    public Optional<SegmentMetadata> segment(int number) {
        return 1 <= number && number <= segments.size()
                ? Optional.of(segments.get(number - 1))
                : Optional.empty();
    }

    /** The newest epoch of the topic. */
    public long epoch() {
        return lastSegment().epoch();
    }

    /** Segment number → exact count, of the sealed segments only. */
    public SortedMap<Integer, Long> sealedCounts() {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (SegmentMetadata segment : segments) {
            segment.count().ifPresent(count -> counts.put(segment.number(), count));
        }
        return counts;
    }

    /** Segment number → leader node, of all segments. */
    public SortedMap<Integer, Integer> segmentLeaders() {
        SortedMap<Integer, Integer> leaders = new TreeMap<>();
        segments.forEach(segment -> leaders.put(segment.number(), segment.leaderNode()));
        return leaders;
    }

    /** End offset of the longest run of sealed segments from the first one; 0 if there is none. */
    public long sealedEndOffset() {
        long end = 0;
        for (SegmentMetadata segment : segments) {
            OptionalLong segmentEnd = segment.endOffset();
            if (segmentEnd.isEmpty()) {
                break;
            }
            end = segmentEnd.getAsLong();
        }
        return end;
    }
}
