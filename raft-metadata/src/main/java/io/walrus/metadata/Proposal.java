package io.walrus.metadata;

import java.util.Objects;

/** A command with its name: what travels to the leader and through the replicated log. */
public record Proposal(ProposalId id, MetadataCommand command) {
    public Proposal {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(command, "command");
    }
}
