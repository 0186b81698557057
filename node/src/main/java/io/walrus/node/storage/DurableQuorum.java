package io.walrus.node.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides up to where a segment is committed: the position that enough of its copies hold durably.
 *
 * <p>Positions are counts of entries from the segment's start. With {@code k} copies needed, the
 * committed position is the {@code k}-th highest of all copies; with one copy it is that copy's
 * own. It never goes back, whatever is told late or out of order.
 *
 * <p>Any thread. The lock guards the positions and those who wait; it is never held while they are
 * told.
 */
public final class DurableQuorum {

    private static final CompletionStage<Void> REACHED = CompletableFuture.completedStage(null);

    private final int own;
    private final int needed;
    private final Map<Integer, Long> positions = new TreeMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private long committed;

    private record Waiter(long position, CompletableFuture<Void> reached) {}

    private DurableQuorum(int own, Collection<Integer> nodes, int needed) {
        this.own = own;
        this.needed = needed;
        nodes.forEach(node -> positions.put(node, 0L));
        if (!positions.containsKey(own) || needed < 1 || needed > positions.size()) {
            throw new IllegalArgumentException(
                    "expected a copy on node "
                            + own
                            + " and 1 to "
                            + positions.size()
                            + " copies for an ack, found copies on "
                            + positions.keySet()
                            + " and "
                            + needed
                            + " for an ack");
        }
    }

    /**
     * @param own the node that writes
     * @param nodes all that hold a copy, the writing one included
     * @param needed how many of them must hold an entry durably before it is acknowledged
     */
    public static DurableQuorum of(int own, Collection<Integer> nodes, int needed) {
        return new DurableQuorum(own, nodes, needed);
    }

    /** The writing node's own log is durable up to {@code position}. */
    void ownDurable(long position) {
        durable(own, position);
    }

    /** A node's copy is durable up to {@code position}; an older position changes nothing. */
    void durable(int node, long position) {
        List<Waiter> told = new ArrayList<>();
        synchronized (this) {
            if (!positions.containsKey(node)) {
                throw new IllegalArgumentException(
                        "node %d holds no copy; those that do: %s"
                                .formatted(node, positions.keySet()));
            }
            positions.merge(node, position, Math::max);
            committed = highest(needed);
            waiters.removeIf(waiter -> waiter.position <= committed && told.add(waiter));
        }
        told.forEach(waiter -> waiter.reached.complete(null));
    }

    private long highest(int place) {
        long[] sorted = positions.values().stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[sorted.length - place];
    }

    /** Up to where enough copies are durable. */
    synchronized long committed() {
        return committed;
    }

    /** Completes when {@link #committed} is at {@code position} or beyond, in order of position. */
    synchronized CompletionStage<Void> reached(long position) {
        if (position <= committed) {
            return REACHED;
        }
        var waiter = new Waiter(position, new CompletableFuture<>());
        waiters.add(waiter);
        return waiter.reached;
    }
}
