package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.ReadRule;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StoredTopic;
import io.walrus.node.storage.WriteGate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The desks of all topics, one for each life of a topic, and what they hand out: entries of this
 * node, or of the one that holds them.
 */
final class CursorDesks implements Rollover.Cursors {

    private final MetadataService metadata;
    private final SegmentStore store;
    private final WriteGate gate;
    private final SegmentReads reads;
    private final ReadRule nodeRule;
    private final Map<StoredTopic, CursorDesk> desks = new ConcurrentHashMap<>();

    /** Those whose stored cursor is behind; there may be many whose is not. */
    private final Set<StoredTopic> behind = ConcurrentHashMap.newKeySet();

    /**
     * @param nodeRule for topics that have none of their own
     */
    CursorDesks(
            MetadataService metadata,
            SegmentStore store,
            WriteGate gate,
            SegmentReads reads,
            ReadRule nodeRule) {
        this.nodeRule = nodeRule;
        this.metadata = metadata;
        this.store = store;
        this.gate = gate;
        this.reads = reads;
    }

    CursorDesk desk(StoredTopic topic) {
        return desks.computeIfAbsent(
                topic,
                name ->
                        new CursorDesk(
                                shelf(name), () -> isAtLeastOnce(name), () -> behind.add(name)));
    }

    private boolean isAtLeastOnce(StoredTopic topic) {
        ReadRule rule = known(topic).map(TopicMetadata::reads).orElse(ReadRule.AS_NODE);
        return (rule == ReadRule.AS_NODE ? nodeRule : rule) == ReadRule.AT_LEAST_ONCE;
    }

    /** Stores the cursors behind which entries were handed out. */
    void settle() {
        for (StoredTopic topic : List.copyOf(behind)) {
            behind.remove(topic);
            Optional.ofNullable(desks.get(topic)).ifPresent(CursorDesk::settle);
        }
    }

    TopicShelf shelf(StoredTopic topic) {
        return new TopicShelf(
                topic.name(),
                () -> known(topic),
                () -> ownsCursor(topic),
                reads,
                new TopicCursor(topic));
    }

    /** Forgets the desks of topics that were deleted. */
    void forgetDeleted(ClusterMetadata view) {
        desks.keySet().removeIf(topic -> Stored.isDeleted(view, topic));
    }

    @Override
    public CompletionStage<Void> freeze(StoredTopic topic) {
        return desk(topic).freeze();
    }

    @Override
    public void thaw(StoredTopic topic) {
        desk(topic).thaw();
    }

    private Optional<TopicMetadata> known(StoredTopic topic) {
        return metadata.view().topic(topic.name()).filter(found -> found.id() == topic.id());
    }

    private boolean ownsCursor(StoredTopic topic) {
        return known(topic)
                .map(TopicMetadata::lastSegment)
                .filter(last -> last.state() == SegmentState.OPEN)
                .map(
                        last ->
                                gate.mayWrite(
                                        new SegmentId(topic.name(), last.number()), last.epoch()))
                .orElse(false);
    }

    /** The shared cursor of a topic as this node's store keeps it. */
    private final class TopicCursor implements TopicShelf.CursorStore {
        private final StoredTopic topic;

        TopicCursor(StoredTopic topic) {
            this.topic = topic;
        }

        @Override
        public CompletionStage<CursorPosition> place() {
            return store.cursor(topic);
        }

        @Override
        public CompletionStage<Void> move(CursorPosition place) {
            return store.moveCursor(topic, place);
        }
    }
}
