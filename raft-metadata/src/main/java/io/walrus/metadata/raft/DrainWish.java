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
 * Whether this boot of the node wants to be given nothing new, and that the cluster agrees with it.
 *
 * <p>Lives on the owning thread. Each new wish is asked for anew, and again until it is answered:
 * what the state shows may be about to be changed by the command of an earlier wish that has no
 * answer yet. Commands of one node are answered one after the other here, so the last answer
 * counts.
 */
final class DrainWish {

    private final StoreIdentity identity;
    private final PublishedView published;
    private final Duty duty;
    private final Function<MetadataCommand, CompletableFuture<Outcome>> propose;
    private CompletableFuture<Void> agreed = CompletableFuture.completedFuture(null);
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

    /** Completes when it is agreed; fails when another wish comes first. */
    CompletableFuture<Void> drain() {
        return wish(true);
    }

    /** Likewise. */
    CompletableFuture<Void> undrain() {
        return wish(false);
    }

    private CompletableFuture<Void> wish(boolean toDrain) {
        if (toDrain != isDraining) {
            agreed.completeExceptionally(new IllegalStateException("another wish came first"));
            agreed = new CompletableFuture<>();
            isDraining = toDrain;
        }
        tick();
        return agreed;
    }

    /** Once a heartbeat period, and after each answer. */
    void tick() {
        if (underWay || agreed.isDone() || !isRegistered(published.view())) {
            return;
        }
        underWay = true;
        CompletableFuture<Void> asked = agreed;
        propose.apply(command())
                .whenCompleteAsync(
                        (outcome, failure) -> {
                            underWay = false;
                            if (failure == null && outcome.isApplied()) {
                                asked.complete(null);
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
