package io.walrus.node.observe;

import io.walrus.metadata.ClusterMetadata;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The last thousand things that happened, as this node saw them; gone with its process.
 *
 * <p>Any thread. The lock guards the list and is held for a look or an addition.
 */
public final class EventLog {

    static final int EVENTS_MAX = 1_000;

    private final LongSupplier wallMillis;
    private final Deque<NodeEvent> events = new ArrayDeque<>();
    private ClusterMetadata known;
    private int leader = -1;
    private long count;

    /**
     * @param wallMillis a wall clock
     */
    public EventLog(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** Notes an event. */
    public void add(String kind, String what) {
        add(kind, "", 0, what);
    }

    private synchronized void add(String kind, String topic, int segments, String what) {
        events.addLast(new NodeEvent(++count, wallMillis.getAsLong(), kind, topic, segments, what));
        if (events.size() > EVENTS_MAX) {
            events.removeFirst();
        }
    }

    /**
     * Notes what is different from the view before; the first one is where it begins.
     *
     * @param newest read under the lock, so that no view is compared with a later one
     */
    public synchronized void onView(Supplier<ClusterMetadata> newest) {
        ClusterMetadata view = newest.get();
        if (known != null) {
            ViewChanges.between(known, view, this::add);
        }
        known = view;
    }

    synchronized void onLeader(int node) {
        if (leader != -1 && leader != node) {
            add(
                    "raft",
                    node == 0
                            ? "no metadata leader is known"
                            : "node " + node + " leads the metadata");
        }
        leader = node;
    }

    synchronized long newest() {
        return count;
    }

    /** The events behind a number, oldest first. */
    synchronized List<NodeEvent> after(long number) {
        return events.stream().filter(event -> event.number() > number).toList();
    }
}
