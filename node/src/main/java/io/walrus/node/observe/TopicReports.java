package io.walrus.node.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import java.util.List;
import java.util.Locale;

/** Topics as JSON: in short, with their newest segments, or with all of them. */
final class TopicReports {

    /** A live picture shows this many segments of a topic. */
    private static final int RECENT_MAX = 100;

    private final Vitals vitals;

    TopicReports(Vitals vitals) {
        this.vitals = vitals;
    }

    ObjectNode brief(TopicMetadata topic) {
        SegmentMetadata last = topic.lastSegment();
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("name", topic.name());
        row.put("segmentCount", topic.segments().size());
        row.put("leader", last.leaderNode());
        row.put("open", last.state() == SegmentState.OPEN);
        row.put("sealedEntries", topic.sealedEndOffset());
        return row;
    }

    ObjectNode recent(TopicMetadata topic) {
        int size = topic.segments().size();
        return with(topic, topic.segments().subList(Math.max(0, size - RECENT_MAX), size));
    }

    ObjectNode full(TopicMetadata topic) {
        return with(topic, topic.segments());
    }

    private ObjectNode with(TopicMetadata topic, List<SegmentMetadata> segments) {
        ObjectNode row = brief(topic);
        row.put("epoch", topic.epoch());
        row.putObject("cursorCheckpoint")
                .put("segment", topic.cursor().segment())
                .put("offset", topic.cursor().offset());
        ArrayNode list = row.putArray("segments");
        segments.forEach(segment -> list.add(segment(topic, segment)));
        return row;
    }

    /** The count of an open segment is known to its leader only; elsewhere the key is missing. */
    private ObjectNode segment(TopicMetadata topic, SegmentMetadata segment) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("number", segment.number());
        row.put("state", segment.state().name().toLowerCase(Locale.ROOT));
        row.put("leader", segment.leaderNode());
        row.put("epoch", segment.epoch());
        segment.baseOffset().ifPresent(base -> row.put("baseOffset", base));
        if (segment.count().isPresent()) {
            row.put("entries", segment.count().getAsLong());
        } else {
            vitals.readableCount(topic, segment).ifPresent(count -> row.put("entries", count));
        }
        return row;
    }
}
