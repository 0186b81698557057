package io.walrus.metadata.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.Outcome;
import java.util.SortedSet;

/**
 * The names of the sealed types in JSON; written down here, so that renaming a class never changes
 * a byte on disk.
 */
final class TypeNames {
    private TypeNames() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = MetadataCommand.FoundCluster.class, name = "found-cluster"),
        @JsonSubTypes.Type(value = MetadataCommand.RegisterNode.class, name = "register-node"),
        @JsonSubTypes.Type(value = MetadataCommand.RemoveNode.class, name = "remove-node"),
        @JsonSubTypes.Type(value = MetadataCommand.RetireNode.class, name = "retire-node"),
        @JsonSubTypes.Type(value = MetadataCommand.ExpelNode.class, name = "expel-node"),
        @JsonSubTypes.Type(value = MetadataCommand.DrainNode.class, name = "drain-node"),
        @JsonSubTypes.Type(value = MetadataCommand.UndrainNode.class, name = "undrain-node"),
        @JsonSubTypes.Type(value = MetadataCommand.CreateTopic.class, name = "create-topic"),
        @JsonSubTypes.Type(value = MetadataCommand.DeleteTopic.class, name = "delete-topic"),
        @JsonSubTypes.Type(value = MetadataCommand.RollOver.class, name = "roll-over"),
        @JsonSubTypes.Type(value = MetadataCommand.BeginSeal.class, name = "begin-seal"),
        @JsonSubTypes.Type(value = MetadataCommand.CompleteSeal.class, name = "complete-seal"),
        @JsonSubTypes.Type(
                value = MetadataCommand.CheckpointCursor.class,
                name = "checkpoint-cursor"),
        @JsonSubTypes.Type(value = MetadataCommand.CommitCursor.class, name = "commit-cursor"),
        @JsonSubTypes.Type(value = MetadataCommand.MoveCursor.class, name = "move-cursor"),
        @JsonSubTypes.Type(value = MetadataCommand.SetReads.class, name = "set-reads"),
        @JsonSubTypes.Type(value = MetadataCommand.Barrier.class, name = "barrier")
    })
    interface OfCommands {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Outcome.Applied.class, name = "applied"),
        @JsonSubTypes.Type(value = Outcome.Refused.class, name = "refused"),
        @JsonSubTypes.Type(value = Outcome.Unknown.class, name = "unknown")
    })
    interface OfOutcomes {}

    /** A state in which nobody drains is written as before there was draining. */
    record OfState(@JsonInclude(JsonInclude.Include.NON_EMPTY) SortedSet<Integer> draining) {}
}
