package io.walrus.node.routing;

import io.walrus.metadata.MetadataService;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.RefusalCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Proposals that give a segment to a node. Whoever proposes may not have seen yet that the chosen
 * node drains: then it catches up and chooses again, so that nobody waits for the next round.
 */
final class NextLeader {
    /** Each further one is a node that began to drain between a look and its proposal. */
    private static final int CHOICES_MAX = 3;

    private NextLeader() {}

    /**
     * What became of the last proposal.
     *
     * @param choose looks at the newest view and proposes; nothing happened where it is asked again
     */
    static CompletionStage<Outcome> chosen(
            MetadataService metadata, Supplier<CompletionStage<Outcome>> choose) {
        return chosen(metadata, choose, CHOICES_MAX);
    }

    private static CompletionStage<Outcome> chosen(
            MetadataService metadata, Supplier<CompletionStage<Outcome>> choose, int choicesLeft) {
        return choose.get()
                .thenCompose(
                        outcome ->
                                isDrained(outcome) && choicesLeft > 1
                                        ? metadata.catchUp()
                                                .thenCompose(
                                                        seen ->
                                                                chosen(
                                                                        metadata,
                                                                        choose,
                                                                        choicesLeft - 1))
                                        : CompletableFuture.completedStage(outcome));
    }

    private static boolean isDrained(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused
                && refused.code() == RefusalCode.NODE_DRAINING;
    }
}
