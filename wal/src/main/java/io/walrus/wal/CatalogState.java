package io.walrus.wal;

import io.walrus.wal.format.CatalogRecord;
import io.walrus.wal.format.CatalogRecord.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What the catalogue's records add up to. No IO; guarded by its owner, but for {@link #streams()},
 * which any thread may look at.
 */
final class CatalogState {

    private final ConcurrentSkipListMap<String, StreamRecord> byName =
            new ConcurrentSkipListMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, SortedMap<String, Integer>> slots = new HashMap<>();
    private final BitSet taken = new BitSet();
    private long nextStreamId;

    CatalogState(long nextStreamId) {
        this.nextStreamId = nextStreamId;
    }

    /** Applies one record; one about a stream that is not there changes nothing. */
    void apply(CatalogRecord record) {
        long id = record.streamId();
        nextStreamId = Math.max(nextStreamId, id + 1);
        if (record.kind() == Kind.CREATED) {
            names.put(id, record.name());
            byName.put(record.name(), StreamRecord.fresh(id, record.name()));
            return;
        }
        StreamRecord stream = stream(id);
        if (stream == null) {
            return;
        }
        switch (record.kind()) {
            case SEALED -> byName.put(stream.name(), stream.sealedAt(record.number()));
            case TRUNCATED_BEFORE -> byName.put(stream.name(), stream.startingAt(record.number()));
            case CURSOR_NAMED -> nameCursor(id, record.name(), (int) record.number());
            case DELETED -> forget(stream);
            default -> throw new IllegalStateException("a kind without a meaning: " + record);
        }
    }

    private void nameCursor(long id, String cursor, int slot) {
        slots.computeIfAbsent(id, unused -> new TreeMap<>()).put(cursor, slot);
        taken.set(slot);
    }

    private void forget(StreamRecord stream) {
        byName.remove(stream.name());
        names.remove(stream.id());
        SortedMap<String, Integer> freed = slots.remove(stream.id());
        if (freed != null) {
            freed.values().forEach(taken::clear);
        }
    }

    /** Keeps ids below a bound from being given away. */
    void skipIdsBelow(long bound) {
        nextStreamId = Math.max(nextStreamId, bound);
    }

    /** A live view. */
    SortedMap<String, StreamRecord> streams() {
        return Collections.unmodifiableSortedMap(byName);
    }

    StreamRecord stream(String name) {
        return byName.get(name);
    }

    /** The stream with an id, or null. */
    StreamRecord stream(long id) {
        String name = names.get(id);
        return name == null ? null : byName.get(name);
    }

    long nextStreamId() {
        return nextStreamId;
    }

    int freeSlot() {
        return taken.nextClearBit(0);
    }

    /** One more than the highest slot in use. */
    int slotsInUse() {
        return taken.length();
    }

    OptionalInt slot(long id, String cursor) {
        Integer slot = slots.getOrDefault(id, Collections.emptySortedMap()).get(cursor);
        return slot == null ? OptionalInt.empty() : OptionalInt.of(slot);
    }

    Map<String, Integer> slots(long id) {
        return Map.copyOf(slots.getOrDefault(id, Collections.emptySortedMap()));
    }

    /** The fewest records that add up to the same, numbered from 1. */
    List<CatalogRecord> records() {
        List<CatalogRecord> all = new ArrayList<>();
        for (StreamRecord stream : byName.values()) {
            add(all, Kind.CREATED, stream.id(), 0, stream.name());
            if (stream.startOffset() > 0) {
                add(all, Kind.TRUNCATED_BEFORE, stream.id(), stream.startOffset(), "");
            }
            if (stream.sealed()) {
                add(all, Kind.SEALED, stream.id(), stream.endOffset(), "");
            }
            slots.getOrDefault(stream.id(), Collections.emptySortedMap())
                    .forEach(
                            (cursor, slot) ->
                                    add(all, Kind.CURSOR_NAMED, stream.id(), slot, cursor));
        }
        return all;
    }

    private static void add(List<CatalogRecord> all, Kind kind, long id, long number, String name) {
        all.add(new CatalogRecord(kind, all.size() + 1L, 0, id, number, name));
    }
}
