package io.walrus.metadata;

import io.walrus.metadata.ClusterMetadata.Transition;
import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.MetadataCommand.BeginSeal;
import io.walrus.metadata.MetadataCommand.CheckpointCursor;
import io.walrus.metadata.MetadataCommand.CommitCursor;
import io.walrus.metadata.MetadataCommand.CompleteSeal;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.DeleteTopic;
import io.walrus.metadata.MetadataCommand.DrainNode;
import io.walrus.metadata.MetadataCommand.ExpelNode;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.MoveCursor;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RemoveNode;
import io.walrus.metadata.MetadataCommand.RetireNode;
import io.walrus.metadata.MetadataCommand.RollOver;
import io.walrus.metadata.MetadataCommand.SetReads;
import io.walrus.metadata.MetadataCommand.UndrainNode;

/**
 * Sends each command to the class that knows its rules. The state handed in already counts the
 * command in its version.
 */
final class Commands {
    private Commands() {}

    static Transition apply(ClusterMetadata state, MetadataCommand command) {
        if (command instanceof FoundCluster found) {
            return NodeCommands.found(state, found);
        }
        if (command instanceof RegisterNode register) {
            return NodeCommands.register(state, register);
        }
        if (command instanceof RemoveNode remove) {
            return NodeCommands.remove(state, remove);
        }
        if (command instanceof RetireNode retire) {
            return NodeCommands.retire(state, retire);
        }
        if (command instanceof ExpelNode expel) {
            return NodeCommands.expel(state, expel);
        }
        if (command instanceof DrainNode drain) {
            return NodeCommands.drain(state, drain);
        }
        if (command instanceof UndrainNode undrain) {
            return NodeCommands.undrain(state, undrain);
        }
        if (command instanceof CreateTopic create) {
            return TopicCommands.create(state, create);
        }
        if (command instanceof DeleteTopic delete) {
            return TopicCommands.delete(state, delete);
        }
        if (command instanceof CheckpointCursor checkpoint) {
            return TopicCommands.checkpoint(state, checkpoint);
        }
        if (command instanceof CommitCursor commit) {
            return TopicCommands.commit(state, commit);
        }
        if (command instanceof MoveCursor move) {
            return TopicCommands.move(state, move);
        }
        if (command instanceof SetReads set) {
            return TopicCommands.setReads(state, set);
        }
        if (command instanceof RollOver rollOver) {
            return SegmentCommands.rollOver(state, rollOver);
        }
        if (command instanceof BeginSeal begin) {
            return SegmentCommands.beginSeal(state, begin);
        }
        if (command instanceof CompleteSeal complete) {
            return SegmentCommands.completeSeal(state, complete);
        }
        if (command instanceof Barrier) {
            return unchanged(state);
        }
        throw new IllegalStateException("a command without rules: " + command.getClass());
    }

    static Transition changed(ClusterMetadata next) {
        return new Transition(next, new Outcome.Applied(next.version(), true));
    }

    static Transition unchanged(ClusterMetadata state) {
        return new Transition(state, new Outcome.Applied(state.version(), false));
    }

    static Transition refused(
            ClusterMetadata state, RefusalCode code, Object expected, Object found) {
        return new Transition(
                state, new Outcome.Refused(code, String.valueOf(expected), String.valueOf(found)));
    }
}
