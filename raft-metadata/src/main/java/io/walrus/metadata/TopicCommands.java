package io.walrus.metadata;

import io.walrus.metadata.ClusterMetadata.Transition;
import io.walrus.metadata.MetadataCommand.CheckpointCursor;
import io.walrus.metadata.MetadataCommand.CommitCursor;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.DeleteTopic;
import io.walrus.metadata.MetadataCommand.MoveCursor;
import io.walrus.metadata.MetadataCommand.SetReads;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** The rules of the commands that add and remove topics and move their cursors. */
final class TopicCommands {
    private TopicCommands() {}

    static Transition create(ClusterMetadata state, CreateTopic command) {
        if (!TopicName.isValid(command.name())) {
            return Commands.refused(
                    state,
                    RefusalCode.INVALID_NAME,
                    "1-128 of [A-Za-z0-9._-]",
                    command.name().length() + " characters");
        }
        if (state.topics().containsKey(command.name())) {
            return Commands.unchanged(state);
        }
        Optional<Transition> misplaced = SegmentCommands.checkPlacement(state, command.placement());
        if (misplaced.isPresent()) {
            return misplaced.get();
        }
        SegmentMetadata first =
                SegmentCommands.open(
                        state, 1, OptionalLong.of(0), state.epochFloor() + 1, command.placement());
        SortedMap<String, TopicMetadata> topics =
                ClusterMetadata.with(
                        state.topics(),
                        command.name(),
                        TopicMetadata.begun(command.name(), state.version(), first));
        return Commands.changed(
                state.withTopics(topics, command.placement().leader(), state.epochFloor()));
    }

    static Transition delete(ClusterMetadata state, DeleteTopic command) {
        TopicMetadata topic = state.topics().get(command.name());
        if (topic == null || topic.id() > command.topicId()) {
            return Commands.unchanged(state);
        }
        if (topic.id() != command.topicId()) {
            return Commands.refused(
                    state, RefusalCode.UNKNOWN_TOPIC, "topic id " + command.topicId(), topic.id());
        }
        SortedMap<String, TopicMetadata> topics =
                ClusterMetadata.without(state.topics(), topic.name());
        return Commands.changed(
                state.withTopics(
                        topics,
                        state.lastInitialLeader(),
                        Math.max(state.epochFloor(), topic.epoch())));
    }

    static Transition checkpoint(ClusterMetadata state, CheckpointCursor command) {
        TopicMetadata topic = state.topics().get(command.segment().topic());
        if (topic == null) {
            return Commands.refused(
                    state, RefusalCode.UNKNOWN_TOPIC, command.segment().topic(), "no such topic");
        }
        Optional<SegmentMetadata> open = topic.openSegment();
        if (open.isEmpty() || open.get().number() != command.segment().number()) {
            return Commands.refused(
                    state,
                    RefusalCode.WRONG_STATE,
                    "segment " + command.segment().number() + " open",
                    topic.lastSegment().state() + " " + topic.lastSegment().number());
        }
        if (open.get().epoch() != command.epoch()) {
            return Commands.refused(
                    state, RefusalCode.STALE_EPOCH, command.epoch(), open.get().epoch());
        }
        int order = command.cursor().compareTo(topic.cursor());
        if (order < 0) {
            return Commands.refused(
                    state, RefusalCode.CURSOR_BEHIND, command.cursor(), topic.cursor());
        }
        if (!Cursors.exists(topic, command.cursor())) {
            return Commands.refused(
                    state, RefusalCode.CURSOR_BEYOND, command.cursor(), topic.lastSegment());
        }
        return order == 0
                ? Commands.unchanged(state)
                : Commands.changed(state.withTopic(Cursors.moved(topic, command.cursor())));
    }

    static Transition commit(ClusterMetadata state, CommitCursor command) {
        TopicMetadata topic = inLife(state, command.topic(), command.topicId());
        if (topic == null) {
            return gone(state, command.topic());
        }
        if (!TopicName.isValid(command.name())) {
            return Commands.refused(
                    state,
                    RefusalCode.INVALID_NAME,
                    "1-128 of [A-Za-z0-9._-]",
                    command.name().length() + " characters");
        }
        if (!Cursors.exists(topic, command.place())) {
            return Commands.refused(
                    state, RefusalCode.CURSOR_BEYOND, "a place in the topic", command.place());
        }
        CursorPosition before = topic.namedCursors().get(command.name());
        if (before == null && topic.namedCursors().size() >= Cursors.NAMED_MAX) {
            return Commands.refused(
                    state,
                    RefusalCode.TOO_MANY_CURSORS,
                    "at most " + Cursors.NAMED_MAX + " named cursors of a topic",
                    command.name());
        }
        int order = before == null ? 1 : command.place().compareTo(before);
        if (order < 0) {
            return Commands.refused(state, RefusalCode.CURSOR_BEHIND, command.place(), before);
        }
        return order == 0
                ? Commands.unchanged(state)
                : Commands.changed(
                        state.withTopic(topic.withNamedCursor(command.name(), command.place())));
    }

    static Transition move(ClusterMetadata state, MoveCursor command) {
        TopicMetadata topic = inLife(state, command.topic(), command.topicId());
        if (topic == null) {
            return gone(state, command.topic());
        }
        if (!Cursors.exists(topic, command.to())) {
            return Commands.refused(
                    state, RefusalCode.CURSOR_BEYOND, "a place in the topic", command.to());
        }
        CursorPosition at = topic.namedCursors().get(command.name());
        if (command.to().equals(at)) {
            return Commands.unchanged(state);
        }
        return command.from().equals(at)
                ? Commands.changed(
                        state.withTopic(topic.withNamedCursor(command.name(), command.to())))
                : Commands.refused(
                        state,
                        RefusalCode.CURSOR_MOVED,
                        command.from(),
                        at == null ? "no such cursor" : at);
    }

    static Transition setReads(ClusterMetadata state, SetReads command) {
        TopicMetadata topic = inLife(state, command.topic(), command.topicId());
        if (topic == null) {
            return gone(state, command.topic());
        }
        return topic.reads() == command.rule()
                ? Commands.unchanged(state)
                : Commands.changed(state.withTopic(topic.withReads(command.rule())));
    }

    /** Null if there is no such topic, or only another one that was given its name later. */
    private static TopicMetadata inLife(ClusterMetadata state, String name, long id) {
        TopicMetadata topic = state.topics().get(name);
        return topic != null && topic.id() == id ? topic : null;
    }

    private static Transition gone(ClusterMetadata state, String name) {
        return Commands.refused(state, RefusalCode.UNKNOWN_TOPIC, name, "no such topic");
    }
}
