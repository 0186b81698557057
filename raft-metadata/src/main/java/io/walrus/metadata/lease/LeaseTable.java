package io.walrus.metadata.lease;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The granter's memory: until when each node may believe that it holds its lease.
 *
 * <p>Not thread-safe: one thread, the metadata leader's. Pure arithmetic: times come in as
 * arguments. A new leader does not know what its predecessor granted, so every node it finds counts
 * as granted at the moment it took over.
 */
public final class LeaseTable {
    private final LeaseTerms terms;
    private final Map<Integer, Long> expiryNanosByNode = new HashMap<>();
    private final Set<Integer> fenced = new HashSet<>();
    private long tookOverNanos;

    public LeaseTable(LeaseTerms terms, long tookOverNanos) {
        this.terms = terms;
        this.tookOverNanos = tookOverNanos;
    }

    /** Forgets everything and starts over, as a leader that has just taken over. */
    public void takeOver(long nowNanos) {
        expiryNanosByNode.clear();
        fenced.clear();
        tookOverNanos = nowNanos;
    }

    /**
     * Grants a lease from a heartbeat received at that time. False if the node is fenced: its
     * segments are being given away, and it must not get a lease before that is in the state.
     */
    public boolean grant(int nodeId, long receivedNanos) {
        if (fenced.contains(nodeId)) {
            return false;
        }
        expiryNanosByNode.merge(
                nodeId,
                terms.granterExpiryNanos(receivedNanos),
                (a, b) -> LeaseTerms.isReached(a, b) ? b : a);
        return true;
    }

    /** Whether the node may still believe that it holds its lease. */
    public boolean mayHold(int nodeId, long nowNanos) {
        long expiry =
                expiryNanosByNode.getOrDefault(nodeId, terms.granterExpiryNanos(tookOverNanos));
        return !LeaseTerms.isReached(expiry, nowNanos);
    }

    /** From now on the node gets no lease, if its last one has run out; false if it has not. */
    public boolean fence(int nodeId, long nowNanos) {
        if (mayHold(nodeId, nowNanos)) {
            return false;
        }
        fenced.add(nodeId);
        return true;
    }

    /** Ends the fence, once what it protected is in the state or certainly never will be. */
    public void unfence(int nodeId) {
        fenced.remove(nodeId);
    }

    public boolean isFenced(int nodeId) {
        return fenced.contains(nodeId);
    }

    /**
     * Which of the nodes were granted a lease by this leader that still runs, and are not fenced:
     * good places for new segments.
     */
    public SortedSet<Integer> live(Collection<Integer> nodes, long nowNanos) {
        SortedSet<Integer> live = new TreeSet<>();
        for (int node : nodes) {
            boolean wasGranted = expiryNanosByNode.containsKey(node);
            if (wasGranted && mayHold(node, nowNanos) && !fenced.contains(node)) {
                live.add(node);
            }
        }
        return live;
    }
}
