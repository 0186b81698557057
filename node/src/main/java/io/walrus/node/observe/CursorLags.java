package io.walrus.node.observe;

import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The cursors of the topics that this node leads, and how far they are behind. */
final class CursorLags {

    /** More would make a page that nobody can read. */
    static final int CURSORS_MAX = 1_000;

    private CursorLags() {}

    /**
     * Those of the first topics that this node leads; never fails, leaves out what it cannot know.
     */
    static CompletionStage<List<CursorLag>> of(Vitals node) {
        var asked = new ArrayList<CompletableFuture<List<CursorLag>>>();
        for (TopicMetadata topic : node.view().topics().values()) {
            if (asked.size() < CURSORS_MAX && isLedHere(node, topic)) {
                asked.add(lags(node, topic).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(
                        all ->
                                asked.stream()
                                        .map(CompletableFuture::join)
                                        .flatMap(List::stream)
                                        .limit(CURSORS_MAX)
                                        .toList());
    }

    private static boolean isLedHere(Vitals node, TopicMetadata topic) {
        SegmentMetadata last = topic.lastSegment();
        return last.state() == SegmentState.OPEN && last.leaderNode() == node.facts().nodeId();
    }

    private static CompletionStage<List<CursorLag>> lags(Vitals node, TopicMetadata topic) {
        return node.cursor(topic)
                .thenApply(stored -> stored.compareTo(topic.cursor()) > 0 ? stored : topic.cursor())
                .thenApply(shared -> lags(node, topic, shared))
                .exceptionally(unknown -> List.of());
    }

    static List<CursorLag> lags(Vitals node, TopicMetadata topic, CursorPosition shared) {
        var lags = new ArrayList<CursorLag>();
        lags.add(lag(node, topic, CursorLag.SHARED, shared));
        topic.namedCursors().forEach((name, place) -> lags.add(lag(node, topic, name, place)));
        return lags;
    }

    private static CursorLag lag(
            Vitals node, TopicMetadata topic, String cursor, CursorPosition place) {
        long behind = 0;
        for (SegmentMetadata segment : topic.segments()) {
            if (segment.number() >= place.segment()) {
                long read = segment.number() == place.segment() ? place.offset() : 0;
                behind += Math.max(0, count(node, topic, segment) - read);
            }
        }
        return new CursorLag(topic.name(), cursor, place.segment(), place.offset(), behind);
    }

    private static long count(Vitals node, TopicMetadata topic, SegmentMetadata segment) {
        return segment.count().orElseGet(() -> node.readableCount(topic, segment).orElse(0));
    }
}
