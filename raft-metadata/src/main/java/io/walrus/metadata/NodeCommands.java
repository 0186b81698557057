package io.walrus.metadata;

import io.walrus.metadata.ClusterMetadata.Transition;
import io.walrus.metadata.MetadataCommand.DrainNode;
import io.walrus.metadata.MetadataCommand.ExpelNode;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RemoveNode;
import io.walrus.metadata.MetadataCommand.RetireNode;
import io.walrus.metadata.MetadataCommand.UndrainNode;
import java.util.Optional;
import java.util.function.Predicate;

/** The rules of the commands that found the cluster and change its nodes. */
final class NodeCommands {
    private NodeCommands() {}

    static Transition found(ClusterMetadata state, FoundCluster command) {
        if (state.clusterId().equals(command.clusterId())) {
            return Commands.unchanged(state);
        }
        if (!state.clusterId().isEmpty()) {
            return Commands.refused(
                    state, RefusalCode.CLUSTER_EXISTS, command.clusterId(), state.clusterId());
        }
        return Commands.changed(state.founded(command));
    }

    static Transition register(ClusterMetadata state, RegisterNode command) {
        if (state.clusterId().isEmpty()) {
            return Commands.refused(state, RefusalCode.NO_CLUSTER, "a founded cluster", "none");
        }
        NodeMetadata node = command.node();
        NodeMetadata before = state.nodes().get(node.id());
        if (node.equals(before)) {
            return Commands.unchanged(state);
        }
        if (before != null && !before.storeId().equals(node.storeId())) {
            if (!before.storeId().equals(command.replacedStore())) {
                return Commands.refused(
                        state,
                        RefusalCode.STORE_MISMATCH,
                        "node " + node.id() + " with store " + node.storeId(),
                        "store " + before.storeId());
            }
        } else if (before != null && node.boot() < before.boot()) {
            return Commands.refused(
                    state, RefusalCode.TOO_LATE, "boot >= " + before.boot(), node.boot());
        }
        boolean isSameLife =
                before != null
                        && before.storeId().equals(node.storeId())
                        && before.boot() == node.boot();
        return Commands.changed(
                state.withNodes(
                        ClusterMetadata.with(state.nodes(), node.id(), node),
                        isSameLife ? state.draining() : state.drainingWithout(node.id())));
    }

    static Transition drain(ClusterMetadata state, DrainNode command) {
        int id = command.nodeId();
        return notInLife(state, id, command.storeId(), command.boot())
                .orElseGet(
                        () ->
                                state.isDraining(id)
                                        ? Commands.unchanged(state)
                                        : Commands.changed(
                                                state.withNodes(
                                                        state.nodes(), state.drainingWith(id))));
    }

    static Transition undrain(ClusterMetadata state, UndrainNode command) {
        int id = command.nodeId();
        return notInLife(state, id, command.storeId(), command.boot())
                .orElseGet(
                        () ->
                                state.isDraining(id)
                                        ? Commands.changed(
                                                state.withNodes(
                                                        state.nodes(), state.drainingWithout(id)))
                                        : Commands.unchanged(state));
    }

    /** A refusal unless the node is registered with that store in that boot. */
    private static Optional<Transition> notInLife(
            ClusterMetadata state, int nodeId, String storeId, long boot) {
        NodeMetadata node = state.nodes().get(nodeId);
        if (node == null) {
            return Optional.of(
                    Commands.refused(
                            state,
                            RefusalCode.UNKNOWN_NODE,
                            "node " + nodeId,
                            state.nodes().keySet()));
        }
        if (!node.storeId().equals(storeId)) {
            return Optional.of(
                    Commands.refused(state, RefusalCode.STORE_MISMATCH, storeId, node.storeId()));
        }
        return node.boot() == boot
                ? Optional.empty()
                : Optional.of(
                        Commands.refused(state, RefusalCode.TOO_LATE, "boot " + boot, node.boot()));
    }

    static Transition remove(ClusterMetadata state, RemoveNode command) {
        return without(
                state,
                command.nodeId(),
                command.storeId(),
                segment -> segment.state() != SegmentState.SEALED);
    }

    static Transition retire(ClusterMetadata state, RetireNode command) {
        Optional<SegmentId> held =
                segmentThat(
                        state,
                        segment ->
                                segment.state() == SegmentState.SEALED
                                        && segment.isOnlyAt(command.nodeId(), command.storeId()));
        return state.node(command.nodeId()).isPresent() && held.isPresent()
                ? Commands.refused(
                        state,
                        RefusalCode.ONLY_COPY,
                        "that others have all entries of node " + command.nodeId(),
                        "it alone holds segment "
                                + held.get().number()
                                + " of "
                                + held.get().topic())
                : remove(state, new RemoveNode(command.nodeId(), command.storeId()));
    }

    static Transition expel(ClusterMetadata state, ExpelNode command) {
        return without(
                state,
                command.nodeId(),
                command.storeId(),
                segment -> segment.state() == SegmentState.OPEN);
    }

    private static Transition without(
            ClusterMetadata state, int nodeId, String storeId, Predicate<SegmentMetadata> holds) {
        NodeMetadata node = state.nodes().get(nodeId);
        if (node == null) {
            return Commands.unchanged(state);
        }
        if (!node.storeId().equals(storeId)) {
            return Commands.refused(state, RefusalCode.STORE_MISMATCH, storeId, node.storeId());
        }
        Optional<SegmentId> led =
                segmentThat(
                        state, segment -> segment.leaderNode() == node.id() && holds.test(segment));
        if (led.isPresent()) {
            return Commands.refused(
                    state,
                    RefusalCode.NODE_IN_USE,
                    "node " + node.id() + " leads nothing",
                    "it leads " + led.get());
        }
        return Commands.changed(
                state.withNodes(
                        ClusterMetadata.without(state.nodes(), node.id()),
                        state.drainingWithout(node.id())));
    }

    private static Optional<SegmentId> segmentThat(
            ClusterMetadata state, Predicate<SegmentMetadata> is) {
        for (TopicMetadata topic : state.topics().values()) {
            for (SegmentMetadata segment : topic.segments()) {
                if (is.test(segment)) {
                    return Optional.of(new SegmentId(topic.name(), segment.number()));
                }
            }
        }
        return Optional.empty();
    }
}
