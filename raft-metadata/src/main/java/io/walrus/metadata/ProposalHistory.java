package io.walrus.metadata;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The last outcomes of one store's proposals: what makes a proposal happen at most once, and lets
 * its proposer look it up.
 *
 * @param storeId the proposing store
 * @param outcomes sequence → outcome, the newest {@value #OUTCOMES_MAX} of them
 */
public record ProposalHistory(String storeId, SortedMap<Long, Outcome> outcomes) {
    /** How many outcomes are kept for each store; a proposer has fewer in flight at any time. */
    public static final int OUTCOMES_MAX = 128;

    public ProposalHistory {
        Objects.requireNonNull(storeId, "storeId");
        outcomes = Collections.unmodifiableSortedMap(new TreeMap<>(outcomes));
    }

    /** The outcome of that proposal, if this history remembers it. */
    Optional<Outcome> outcomeOf(ProposalId id) {
        return storeId.equals(id.storeId())
                ? Optional.ofNullable(outcomes.get(id.sequence()))
                : Optional.empty();
    }

    /**
     * Whether the proposal is older than everything kept: nobody can know any more whether it was
     * applied before, so it must not be applied now.
     */
    boolean hasForgotten(ProposalId id) {
        return storeId.equals(id.storeId())
                && outcomes.size() == OUTCOMES_MAX
                && id.sequence() < outcomes.firstKey();
    }

    ProposalHistory with(ProposalId id, Outcome outcome) {
        TreeMap<Long, Outcome> kept = new TreeMap<>();
        if (storeId.equals(id.storeId())) {
            kept.putAll(outcomes);
        }
        kept.put(id.sequence(), outcome);
        if (kept.size() > OUTCOMES_MAX) {
            kept.pollFirstEntry();
        }
        return new ProposalHistory(id.storeId(), kept);
    }
}
