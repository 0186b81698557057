package io.walrus.metadata;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A change of the cluster's state, conditional on what it expects to find.
 *
 * <p>Every command may be applied twice without harm. None of them reads a clock or knows who is
 * alive: whoever proposes has chosen the nodes.
 */
public sealed interface MetadataCommand {

    /** Name of the one topic that it can change; empty if it is about nodes, or about nothing. */
    default Optional<String> about() {
        return Optional.empty();
    }

    /**
     * Founds the cluster: the first command of its first node. Every further one must name the same
     * cluster id.
     */
    record FoundCluster(String clusterId, int replicationFactor, int ackQuorum)
            implements MetadataCommand {
        public FoundCluster {
            Objects.requireNonNull(clusterId, "clusterId");
            if (ackQuorum < 1 || ackQuorum > replicationFactor) {
                throw new IllegalArgumentException(
                        "1 <= ackQuorum <= replicationFactor, found "
                                + ackQuorum
                                + " and "
                                + replicationFactor);
            }
        }
    }

    /**
     * Adds a node or refreshes its addresses and boot.
     *
     * @param node the node as it is now
     * @param replacedStore the store it replaces, or empty: a node id held by another store is
     *     refused unless it is named here
     */
    record RegisterNode(NodeMetadata node, String replacedStore) implements MetadataCommand {
        public RegisterNode {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(replacedStore, "replacedStore");
        }
    }

    /**
     * Forgets a node; refused while it leads a segment that is not sealed. Its sealed segments keep
     * naming it.
     */
    record RemoveNode(int nodeId, String storeId) implements MetadataCommand {
        public RemoveNode {
            Objects.requireNonNull(storeId, "storeId");
        }
    }

    /**
     * Forgets a node that is not needed: refused as {@link RemoveNode} is, and while the node holds
     * entries that no other node has. Whoever looked before it asked may have looked too early: an
     * entry may have been acknowledged and its segment sealed meanwhile.
     */
    record RetireNode(int nodeId, String storeId) implements MetadataCommand {
        public RetireNode {
            Objects.requireNonNull(storeId, "storeId");
        }
    }

    /**
     * Forgets a node that is gone for good, and gives up what only its store knows; refused while
     * it leads an open segment. Its segments keep naming it; those that were being sealed stay
     * without a count unless that store comes back.
     */
    record ExpelNode(int nodeId, String storeId) implements MetadataCommand {
        public ExpelNode {
            Objects.requireNonNull(storeId, "storeId");
        }
    }

    /**
     * From here on that boot of a node is given nothing new: no topic, no next segment, no segment
     * of a node that is gone. What it leads stays with it until it hands it over. Everything that
     * it was given before is in every state that has this command.
     */
    record DrainNode(int nodeId, String storeId, long boot) implements MetadataCommand {
        public DrainNode {
            Objects.requireNonNull(storeId, "storeId");
        }
    }

    /** That boot of a node may be given segments again. */
    record UndrainNode(int nodeId, String storeId, long boot) implements MetadataCommand {
        public UndrainNode {
            Objects.requireNonNull(storeId, "storeId");
        }
    }

    /** Adds a topic with its first segment; a topic that exists is left as it is. */
    record CreateTopic(String name, Placement placement) implements MetadataCommand {
        public CreateTopic {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(placement, "placement");
        }

        @Override
        public Optional<String> about() {
            return Optional.of(name);
        }
    }

    /** Removes a topic, if it still is the one of that id. */
    record DeleteTopic(String name, long topicId) implements MetadataCommand {
        public DeleteTopic {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public Optional<String> about() {
            return Optional.of(name);
        }
    }

    /**
     * Seals the open segment at its exact count and opens the next one, in one step. Only the store
     * that wrote it may say so, after it stopped appending.
     *
     * @param segment the open segment
     * @param epoch its epoch
     * @param storeId the store that wrote it
     * @param count its exact number of entries, durable
     * @param cursor where the shared cursor stands; a place behind the state's checkpoint changes
     *     nothing
     * @param next who writes the next segment
     */
    record RollOver(
            SegmentId segment,
            long epoch,
            String storeId,
            long count,
            CursorPosition cursor,
            Placement next)
            implements MetadataCommand {
        public RollOver {
            Objects.requireNonNull(segment, "segment");
            Objects.requireNonNull(storeId, "storeId");
            Objects.requireNonNull(cursor, "cursor");
            Objects.requireNonNull(next, "next");
            requireCount(count);
        }

        @Override
        public Optional<String> about() {
            return Optional.of(segment.topic());
        }
    }

    /**
     * Takes the open segment away from a leader that does not answer: its epoch grows and nobody
     * may append any more.
     *
     * @param segment the open segment
     * @param epoch its epoch
     * @param next who writes the next segment at once (one copy per segment); empty if {@link
     *     CompleteSeal} opens it
     */
    record BeginSeal(SegmentId segment, long epoch, Optional<Placement> next)
            implements MetadataCommand {
        public BeginSeal {
            Objects.requireNonNull(segment, "segment");
            Objects.requireNonNull(next, "next");
        }

        @Override
        public Optional<String> about() {
            return Optional.of(segment.topic());
        }
    }

    /**
     * Gives a sealing segment its exact count, and opens the next one if there is none yet.
     *
     * @param segment the sealing segment
     * @param epoch its epoch, as {@link BeginSeal} left it
     * @param storeId a store that held it
     * @param count its exact number of entries, durable
     * @param cursor where that store's shared cursor stands; a place behind the state's checkpoint
     *     changes nothing
     * @param next who writes the next segment, needed only if none is open
     */
    record CompleteSeal(
            SegmentId segment,
            long epoch,
            String storeId,
            long count,
            CursorPosition cursor,
            Optional<Placement> next)
            implements MetadataCommand {
        public CompleteSeal {
            Objects.requireNonNull(segment, "segment");
            Objects.requireNonNull(storeId, "storeId");
            Objects.requireNonNull(cursor, "cursor");
            Objects.requireNonNull(next, "next");
            requireCount(count);
        }

        @Override
        public Optional<String> about() {
            return Optional.of(segment.topic());
        }
    }

    /**
     * Moves the checkpoint of the shared cursor on; only the leader of the open segment says so,
     * and never backwards.
     */
    record CheckpointCursor(SegmentId segment, long epoch, CursorPosition cursor)
            implements MetadataCommand {
        public CheckpointCursor {
            Objects.requireNonNull(segment, "segment");
            Objects.requireNonNull(cursor, "cursor");
        }

        @Override
        public Optional<String> about() {
            return Optional.of(segment.topic());
        }
    }

    /**
     * Moves a named cursor of that life of a topic forward, or makes it; the same place again
     * changes nothing.
     */
    record CommitCursor(String topic, long topicId, String name, CursorPosition place)
            implements MetadataCommand {
        public CommitCursor {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(place, "place");
        }

        @Override
        public Optional<String> about() {
            return Optional.of(topic);
        }
    }

    /**
     * Moves a named cursor of that life of a topic from one place to another, back as well: refused
     * unless it stands at the one or, as after the same command, at the other already.
     */
    record MoveCursor(
            String topic, long topicId, String name, CursorPosition from, CursorPosition to)
            implements MetadataCommand {
        public MoveCursor {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }

        @Override
        public Optional<String> about() {
            return Optional.of(topic);
        }
    }

    /** Sets what the shared cursor of that life of a topic promises; the same again is fine. */
    record SetReads(String topic, long topicId, ReadRule rule) implements MetadataCommand {
        public SetReads {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(rule, "rule");
        }

        @Override
        public Optional<String> about() {
            return Optional.of(topic);
        }
    }

    /** Changes nothing; a proposer that sees it applied has seen everything before it. */
    record Barrier() implements MetadataCommand {}

    /**
     * Who writes a new segment and who holds copies of it.
     *
     * @param leader the writing node
     * @param replicas all nodes that hold a copy, the leader included
     */
    record Placement(int leader, List<Integer> replicas) {
        public Placement {
            replicas = List.copyOf(replicas);
        }

        /** One copy, on its leader. */
        public static Placement single(int leader) {
            return new Placement(leader, List.of(leader));
        }
    }

    private static void requireCount(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("a segment's count is >= 0, found " + count);
        }
    }
}
