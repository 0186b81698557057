package io.walrus.metadata;

import io.walrus.metadata.ClusterMetadata.Transition;
import io.walrus.metadata.MetadataCommand.BeginSeal;
import io.walrus.metadata.MetadataCommand.CompleteSeal;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RollOver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The rules of a segment's life: open → sealed by its writer, or open → sealing → sealed when the
 * writer is gone.
 *
 * <p>A segment opens only behind the last one of its topic, and only when that one takes no appends
 * any more: this is where SingleWriter, SealedIsFrozen and EpochOnlyGrows have their home in the
 * state.
 */
final class SegmentCommands {
    private SegmentCommands() {}

    static Transition rollOver(ClusterMetadata state, RollOver command) {
        TopicMetadata topic = state.topics().get(command.segment().topic());
        SegmentMetadata segment = state.segment(command.segment()).orElse(null);
        if (segment == null) {
            return missing(state, command.segment(), topic);
        }
        if (segment.epoch() != command.epoch()) {
            return staleEpoch(state, command.epoch(), segment);
        }
        if (!segment.leaderStore().equals(command.storeId())) {
            return Commands.refused(
                    state, RefusalCode.STORE_MISMATCH, command.storeId(), segment.leaderStore());
        }
        if (segment.state() == SegmentState.SEALED) {
            return sealedBefore(state, segment, command.count());
        }
        if (segment.state() != SegmentState.OPEN) {
            return Commands.refused(
                    state, RefusalCode.WRONG_STATE, SegmentState.OPEN, segment.state());
        }
        Optional<Transition> misplaced = checkNext(state, segment, command.next());
        if (misplaced.isPresent()) {
            return misplaced.get();
        }
        TopicMetadata sealed = replaced(topic, segment.sealed(command.count()), topic.cursor());
        TopicMetadata next = opened(state, sealed, command.next());
        if (!Cursors.exists(next, command.cursor())) {
            return Commands.refused(
                    state,
                    RefusalCode.CURSOR_BEYOND,
                    "a cursor within " + command.count() + " entries",
                    command.cursor());
        }
        return Commands.changed(state.withTopic(Cursors.moved(next, command.cursor())));
    }

    static Transition beginSeal(ClusterMetadata state, BeginSeal command) {
        TopicMetadata topic = state.topics().get(command.segment().topic());
        SegmentMetadata segment = state.segment(command.segment()).orElse(null);
        if (segment == null) {
            return missing(state, command.segment(), topic);
        }
        boolean begunBefore =
                segment.state() == SegmentState.SEALING && segment.epoch() == command.epoch() + 1;
        if (begunBefore) {
            return Commands.unchanged(state);
        }
        if (segment.epoch() != command.epoch()) {
            return staleEpoch(state, command.epoch(), segment);
        }
        if (segment.state() != SegmentState.OPEN) {
            return Commands.refused(
                    state, RefusalCode.WRONG_STATE, SegmentState.OPEN, segment.state());
        }
        Optional<Transition> misplaced =
                command.next().flatMap(placement -> checkPlacement(state, placement));
        if (misplaced.isPresent()) {
            return misplaced.get();
        }
        TopicMetadata sealing =
                replaced(topic, segment.sealing(command.epoch() + 1), topic.cursor());
        return Commands.changed(
                state.withTopic(
                        command.next()
                                .map(placement -> opened(state, sealing, placement))
                                .orElse(sealing)));
    }

    static Transition completeSeal(ClusterMetadata state, CompleteSeal command) {
        TopicMetadata topic = state.topics().get(command.segment().topic());
        SegmentMetadata segment = state.segment(command.segment()).orElse(null);
        if (segment == null) {
            return missing(state, command.segment(), topic);
        }
        if (segment.epoch() != command.epoch()) {
            return staleEpoch(state, command.epoch(), segment);
        }
        if (segment.state() == SegmentState.SEALED) {
            return sealedBefore(state, segment, command.count());
        }
        if (segment.state() != SegmentState.SEALING) {
            return Commands.refused(
                    state, RefusalCode.WRONG_STATE, SegmentState.SEALING, segment.state());
        }
        if (!holds(state, segment, command.storeId())) {
            return Commands.refused(
                    state, RefusalCode.STORE_MISMATCH, command.storeId(), segment.leaderStore());
        }
        TopicMetadata sealed = replaced(topic, segment.sealed(command.count()), topic.cursor());
        boolean opensNext = sealed.lastSegment().state() == SegmentState.SEALED;
        if (opensNext) {
            Optional<Transition> misplaced =
                    command.next().isPresent()
                            ? checkNext(state, segment, command.next().get())
                            : Optional.of(
                                    Commands.refused(
                                            state,
                                            RefusalCode.INVALID_REPLICAS,
                                            "a placement of the next segment",
                                            "none"));
            if (misplaced.isPresent()) {
                return misplaced.get();
            }
        }
        TopicMetadata next =
                opensNext ? opened(state, sealed, command.next().orElseThrow()) : sealed;
        if (!Cursors.exists(next, command.cursor())) {
            return Commands.refused(
                    state,
                    RefusalCode.CURSOR_BEYOND,
                    "a cursor within " + command.count() + " entries",
                    command.cursor());
        }
        return Commands.changed(state.withTopic(Cursors.moved(next, command.cursor())));
    }

    /**
     * A refusal if a new segment cannot be placed so. A draining node leads none, but may hold
     * copies: otherwise one that drains would keep writers waiting where every node is needed.
     */
    static Optional<Transition> checkPlacement(ClusterMetadata state, Placement placement) {
        Optional<Transition> misplaced = checkReplicas(state, placement);
        return misplaced.isEmpty() && state.isDraining(placement.leader())
                ? Optional.of(
                        Commands.refused(
                                state,
                                RefusalCode.NODE_DRAINING,
                                "a leader that takes new segments",
                                "node " + placement.leader() + ", which is draining"))
                : misplaced;
    }

    /**
     * Likewise for the segment behind another one. Who led that one may keep the topic though it
     * drains: it says so itself, where nobody else is there to take it.
     */
    private static Optional<Transition> checkNext(
            ClusterMetadata state, SegmentMetadata before, Placement next) {
        return next.leader() == before.leaderNode()
                ? checkReplicas(state, next)
                : checkPlacement(state, next);
    }

    private static Optional<Transition> checkReplicas(ClusterMetadata state, Placement placement) {
        List<Integer> replicas = placement.replicas();
        boolean listed = replicas.contains(placement.leader());
        if (!listed || new HashSet<>(replicas).size() != replicas.size()) {
            return Optional.of(
                    Commands.refused(
                            state,
                            RefusalCode.INVALID_REPLICAS,
                            "leader " + placement.leader() + " once among its replicas",
                            replicas));
        }
        for (int replica : replicas) {
            if (!state.nodes().containsKey(replica)) {
                return Optional.of(
                        Commands.refused(
                                state,
                                RefusalCode.UNKNOWN_NODE,
                                "node " + replica,
                                state.nodes().keySet()));
            }
        }
        return Optional.empty();
    }

    static SegmentMetadata open(
            ClusterMetadata state,
            int number,
            OptionalLong baseOffset,
            long epoch,
            Placement placement) {
        NodeMetadata leader = state.nodes().get(placement.leader());
        return new SegmentMetadata(
                number,
                baseOffset,
                SegmentState.OPEN,
                epoch,
                leader.id(),
                leader.storeId(),
                leader.boot(),
                placement.replicas(),
                OptionalLong.empty());
    }

    private static TopicMetadata opened(
            ClusterMetadata state, TopicMetadata topic, Placement placement) {
        SegmentMetadata last = topic.lastSegment();
        List<SegmentMetadata> segments = new ArrayList<>(topic.segments());
        segments.add(open(state, last.number() + 1, last.endOffset(), last.epoch() + 1, placement));
        return topic.withSegments(segments);
    }

    /** The topic with one segment changed, and with the base offsets that became known by that. */
    private static TopicMetadata replaced(
            TopicMetadata topic, SegmentMetadata changed, CursorPosition cursor) {
        List<SegmentMetadata> segments = new ArrayList<>(topic.segments());
        segments.set(changed.number() - 1, changed);
        for (int i = changed.number(); i < segments.size(); i++) {
            OptionalLong base = segments.get(i - 1).endOffset();
            if (base.isEmpty()) {
                break;
            }
            segments.set(i, segments.get(i).startingAt(base));
        }
        return topic.withSegments(segments).withCursor(cursor);
    }

    /**
     * With one copy only the writing store can know the count; with more, any registered replica's
     * store.
     */
    private static boolean holds(ClusterMetadata state, SegmentMetadata segment, String storeId) {
        if (segment.leaderStore().equals(storeId)) {
            return true;
        }
        return segment.replicas().stream()
                .filter(replica -> replica != segment.leaderNode())
                .map(state.nodes()::get)
                .anyMatch(node -> node != null && node.storeId().equals(storeId));
    }

    private static Transition sealedBefore(
            ClusterMetadata state, SegmentMetadata segment, long count) {
        return segment.count().getAsLong() == count
                ? Commands.unchanged(state)
                : Commands.refused(
                        state, RefusalCode.WRONG_COUNT, count, segment.count().getAsLong());
    }

    private static Transition staleEpoch(
            ClusterMetadata state, long expected, SegmentMetadata found) {
        return Commands.refused(
                state,
                RefusalCode.STALE_EPOCH,
                expected,
                found.epoch() + " (" + found.state() + ")");
    }

    private static Transition missing(ClusterMetadata state, SegmentId id, TopicMetadata topic) {
        return topic == null
                ? Commands.refused(state, RefusalCode.UNKNOWN_TOPIC, id.topic(), "no such topic")
                : Commands.refused(
                        state,
                        RefusalCode.UNKNOWN_SEGMENT,
                        "segment " + id.number(),
                        "last is " + topic.lastSegment().number());
    }
}
