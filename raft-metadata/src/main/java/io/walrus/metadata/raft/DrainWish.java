package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.DrainNode;
import io.walrus.metadata.MetadataCommand.UndrainNode;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Whether this boot of the node wants to be given nothing new, kept in step with what the cluster
 * has agreed on.
 *
 * <p>Lives on the owning thread. It compares wish and state with every tick and asks until they are
 * the same: a request without an answer may still be applied, also behind its own undoing.
 */
final class DrainWish {

    private final StoreIdentity identity;
    private final PublishedView published;
    private final Duty duty;
    private final Function<MetadataCommand, CompletableFuture<Outcome>> propose;
    private boolean isDraining;
    private boolean underWay;

    DrainWish(
            StoreIdentity identity,
            PublishedView published,
            Duty duty,
            Function<MetadataCommand, CompletableFuture<Outcome>> propose) {
        this.identity = identity;
        this.published = published;
        this.duty = duty;
        this.propose = propose;
    }

    void drain() {
        isDraining = true;
        tick();
    }

    void undrain() {
        isDraining = false;
        tick();
    }

    /** Once a heartbeat period, and after each answer. */
    void tick() {
        ClusterMetadata view = published.view();
        if (underWay || !isRegistered(view) || view.isDraining(identity.nodeId()) == isDraining) {
            return;
        }
        underWay = true;
        propose.apply(command())
                .whenCompleteAsync(
                        (outcome, failure) -> {
                            underWay = false;
                            if (failure == null && outcome.isApplied()) {
                                tick();
                            }
                        },
                        duty);
    }

    /** An earlier boot's wish ends with the registration of this one. */
    private boolean isRegistered(ClusterMetadata view) {
        Optional<NodeMetadata> self = view.node(identity.nodeId());
        return self.isPresent()
                && self.get().storeId().equals(identity.storeId())
                && self.get().boot() == identity.boots();
    }

    private MetadataCommand command() {
        return isDraining
                ? new DrainNode(identity.nodeId(), identity.storeId(), identity.boots())
                : new UndrainNode(identity.nodeId(), identity.storeId(), identity.boots());
    }
}
