package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the first place of a topic at or behind a time: by halves over the segments, since times
 * grow with them, and within one at the node that holds it. Any thread; nothing blocks.
 *
 * <p>Asks as many segments as the number of them has bits. Segments that are gone are left out.
 */
final class TimeSearch {

    /** The offset of a segment's first entry at or behind the time, its end if it has none. */
    @FunctionalInterface
    interface Asked {
        CompletionStage<Long> offsetIn(SegmentId segment);
    }

    private final String topic;
    private final List<SegmentMetadata> segments;
    private final Asked asked;

    private TimeSearch(String topic, List<SegmentMetadata> segments, Asked asked) {
        this.topic = topic;
        this.segments = segments;
        this.asked = asked;
    }

    /** Completes with a {@link Reply.Place}; fails as a question of {@code asked} does. */
    static CompletionStage<Reply> find(ClusterMetadata view, TopicMetadata topic, Asked asked) {
        SegmentMetadata last = topic.lastSegment();
        List<SegmentMetadata> held =
                topic.segments().stream()
                        .filter(segment -> segment == last || !segment.isLost(view))
                        .toList();
        return new TimeSearch(topic.name(), held, asked).between(0, held.size() - 1);
    }

    /** No segment in front of the range has it; the last one of the range does, or none. */
    private CompletionStage<Reply> between(int low, int high) {
        int middle = (low + high) >>> 1;
        SegmentMetadata segment = segments.get(middle);
        return asked.offsetIn(new SegmentId(topic, segment.number()))
                .thenCompose(
                        offset -> {
                            if (middle < high && isBehindTheLast(segment, offset)) {
                                return between(middle + 1, high);
                            }
                            return low < middle
                                    ? between(low, middle)
                                    : done(segment.number(), offset);
                        });
    }

    /** Where a count is not known yet, its end is a good place to go on from. */
    private static boolean isBehindTheLast(SegmentMetadata segment, long offset) {
        return segment.count().isPresent() && offset >= segment.count().getAsLong();
    }

    private static CompletionStage<Reply> done(int segment, long offset) {
        return CompletableFuture.completedFuture(new Reply.Place(segment, offset));
    }
}
