package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.ProposalId;
import io.walrus.metadata.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The real rules of the metadata without a cluster, and with an unreliable way to them. */
final class FakeMetadata implements MetadataService {

    /** What happens to the proposals that come. */
    enum Way {
        GOOD,
        REQUEST_LOST,
        REPLY_LOST,
        /** Applied, without an answer, and this node does not see it yet. */
        REPLY_LOST_AND_VIEW_LATE,
        /** Neither applied nor answered: whoever proposed has died. */
        DEAD_BEFORE,
        /** Applied and not answered: whoever proposed has died. */
        DEAD_AFTER
    }

    private final List<MetadataCommand> proposed = new ArrayList<>();
    private ClusterMetadata state = ClusterMetadata.EMPTY;
    private ClusterMetadata view = state;
    private Way way = Way.GOOD;

    void way(Way next) {
        way = next;
    }

    /** What was proposed, in order. */
    List<MetadataCommand> proposed() {
        return proposed;
    }

    /** The view shows everything again. */
    void catchUpNow() {
        view = state;
    }

    /** Applies what somebody else proposes. */
    Outcome apply(MetadataCommand command) {
        ClusterMetadata.Transition done = state.apply(command);
        state = done.next();
        view = state;
        return done.outcome();
    }

    /** Applied is told when the view shows it; what was refused may come from a newer state. */
    private Outcome applyAndShow(MetadataCommand command) {
        ClusterMetadata before = view;
        Outcome outcome = apply(command);
        if (!outcome.isApplied()) {
            view = before;
        }
        return outcome;
    }

    /** Applies what somebody else proposes, and this node does not see it before it catches up. */
    void applyUnseen(MetadataCommand command) {
        state = state.apply(command).next();
    }

    @Override
    public ClusterMetadata view() {
        return view;
    }

    @Override
    public CompletionStage<Outcome> propose(MetadataCommand command) {
        proposed.add(command);
        ClusterMetadata before = view;
        var unknown = new Outcome.Unknown(new ProposalId(1, "store", 1), "no answer");
        return switch (way) {
            case GOOD -> CompletableFuture.completedFuture(applyAndShow(command));
            case REQUEST_LOST -> CompletableFuture.completedFuture(unknown);
            case REPLY_LOST -> {
                apply(command);
                yield CompletableFuture.completedFuture(unknown);
            }
            case REPLY_LOST_AND_VIEW_LATE -> {
                apply(command);
                view = before;
                yield CompletableFuture.completedFuture(unknown);
            }
            case DEAD_BEFORE -> new CompletableFuture<>();
            case DEAD_AFTER -> {
                apply(command);
                yield new CompletableFuture<>();
            }
        };
    }

    @Override
    public CompletionStage<Boolean> catchUp() {
        catchUpNow();
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public Subscription onChange(Consumer<ViewChange> listener) {
        return () -> {};
    }
}
