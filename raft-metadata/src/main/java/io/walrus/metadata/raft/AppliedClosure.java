package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for one proposal that this leader put into the log. An empty result means that nobody can
 * say: the leadership was lost, and the entry may be committed by the next leader or not.
 */
final class AppliedClosure implements Closure {
    private final Proposal proposal;
    private final CompletableFuture<Optional<Outcome>> result = new CompletableFuture<>();

    AppliedClosure(Proposal proposal) {
        this.proposal = proposal;
    }

    Proposal proposal() {
        return proposal;
    }

    CompletableFuture<Optional<Outcome>> result() {
        return result;
    }

    void applied(Outcome outcome) {
        result.complete(Optional.of(outcome));
    }

    /** The library calls it only when the entry was not applied here. */
    @Override
    public void run(Status status) {
        result.complete(Optional.empty());
    }
}
