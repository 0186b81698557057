package io.walrus.cli.load;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a load took under the shared cursor, held against the marks that loads put on entries: each
 * at most once, none left out between the first and the last that came, and to each taker in the
 * order in which it was sent.
 *
 * <p>Each taker's part is written on its own event loop only; {@link #findings} belongs behind the
 * end of the load.
 */
public final class Taken {

    private record Sender(long run, int client) {}

    private static final class Sent {
        private final BitSet seen = new BitSet();
        private int last = -1;
    }

    private static final class Part {
        private final Map<Sender, Sent> bySender = new HashMap<>();
        private long doubled;
        private long outOfOrder;
        private long unmarked;
    }

    private final List<Part> parts = new ArrayList<>();

    Taken(int takers) {
        for (int i = 0; i < takers; i++) {
            parts.add(new Part());
        }
    }

    /** The next entry that this taker was given. */
    void add(int taker, Buffer entry) {
        Part part = parts.get(taker);
        EntryStamp stamp = EntryStamp.of(entry);
        if (stamp == null) {
            part.unmarked++;
            return;
        }
        Sent sent =
                part.bySender.computeIfAbsent(
                        new Sender(stamp.run(), stamp.client()), sender -> new Sent());
        if (sent.seen.get(stamp.sequence())) {
            part.doubled++;
            return;
        }
        sent.seen.set(stamp.sequence());
        part.outOfOrder += stamp.sequence() < sent.last ? 1 : 0;
        sent.last = Math.max(sent.last, stamp.sequence());
    }

    /** What all takers together were given. */
    public Findings findings() {
        Map<Sender, BitSet> all = new HashMap<>();
        long doubled = 0;
        long outOfOrder = 0;
        long unmarked = 0;
        for (Part part : parts) {
            doubled += part.doubled + merge(part, all);
            outOfOrder += part.outOfOrder;
            unmarked += part.unmarked;
        }
        long found = 0;
        long lost = 0;
        for (BitSet seen : all.values()) {
            found += seen.cardinality();
            lost += seen.length() - seen.nextSetBit(0) - seen.cardinality();
        }
        return new Findings(found, lost, doubled, outOfOrder, 0, unmarked);
    }

    /** Adds what the part has seen; how many of it another part has seen too. */
    private static long merge(Part part, Map<Sender, BitSet> all) {
        long twice = 0;
        for (Map.Entry<Sender, Sent> each : part.bySender.entrySet()) {
            BitSet before = all.computeIfAbsent(each.getKey(), sender -> new BitSet());
            BitSet both = (BitSet) before.clone();
            both.and(each.getValue().seen);
            twice += both.cardinality();
            before.or(each.getValue().seen);
        }
        return twice;
    }
}
