package io.walrus.node.observe;

import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The shared cursors of the topics that this node leads, and how far they are behind. */
final class CursorLags {

    /** More would make a page that nobody can read. */
    static final int TOPICS_MAX = 1_000;

    private CursorLags() {}

    /**
     * Those of the first topics that this node leads; never fails, leaves out what it cannot know.
     */
    static CompletionStage<List<CursorLag>> of(Vitals node) {
        var asked = new ArrayList<CompletableFuture<Optional<CursorLag>>>();
        for (TopicMetadata topic : node.view().topics().values()) {
            if (asked.size() < TOPICS_MAX && isLedHere(node, topic)) {
                asked.add(lag(node, topic).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(
                        all ->
                                asked.stream()
                                        .map(CompletableFuture::join)
                                        .flatMap(Optional::stream)
                                        .toList());
    }

    private static boolean isLedHere(Vitals node, TopicMetadata topic) {
        SegmentMetadata last = topic.lastSegment();
        return last.state() == SegmentState.OPEN && last.leaderNode() == node.facts().nodeId();
    }

    private static CompletionStage<Optional<CursorLag>> lag(Vitals node, TopicMetadata topic) {
        return node.cursor(topic)
                .thenApply(stored -> stored.compareTo(topic.cursor()) > 0 ? stored : topic.cursor())
                .thenApply(place -> Optional.of(lag(node, topic, place)))
                .exceptionally(unknown -> Optional.empty());
    }

    static CursorLag lag(Vitals node, TopicMetadata topic, CursorPosition place) {
        long behind = 0;
        for (SegmentMetadata segment : topic.segments()) {
            if (segment.number() >= place.segment()) {
                long read = segment.number() == place.segment() ? place.offset() : 0;
                behind += Math.max(0, count(node, topic, segment) - read);
            }
        }
        return new CursorLag(topic.name(), place.segment(), place.offset(), behind);
    }

    private static long count(Vitals node, TopicMetadata topic, SegmentMetadata segment) {
        return segment.count().orElseGet(() -> node.readableCount(topic, segment).orElse(0));
    }
}
