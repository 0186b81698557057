package io.walrus.wal;

import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Finds the cursors of streams, and checks where they are sent. */
final class StreamCursors {

    /** The cursor of {@link Wal#readNext} and {@link Wal#readBatch}. */
    static final String CONSUMING = "";

    private final Engine engine;

    StreamCursors(Engine engine) {
        this.engine = engine;
    }

    /** The cursor of a name, at the start if it never moved. */
    Cursor cursor(Stream stream, String name) {
        Cursor known = stream.cursors().get(name);
        return known != null ? known : stream.cursors().computeIfAbsent(name, n -> find(stream, n));
    }

    private Cursor find(Stream stream, String name) {
        OptionalInt slot = engine.catalog().findCursorSlot(stream.id(), name);
        return slot.isEmpty()
                ? new Cursor(engine, stream, name, -1, stream.startOffset())
                : new Cursor(
                        engine,
                        stream,
                        name,
                        slot.getAsInt(),
                        engine.cursors().get(slot.getAsInt(), stream.id()));
    }

    void commit(Stream stream, String name, long nextOffset) {
        checkName(name);
        checkPlace(stream, nextOffset);
        cursor(stream, name).commit(nextOffset);
    }

    void seek(Stream stream, String name, long offset) {
        checkName(name);
        checkPlace(stream, offset);
        mendable(stream, name).seek(offset);
    }

    /** A seek needs no old value: it mends a damaged slot. */
    private Cursor mendable(Stream stream, String name) {
        try {
            return cursor(stream, name);
        } catch (WalException damaged) {
            if (damaged.kind() != WalException.Kind.DAMAGED) {
                throw damaged;
            }
            int slot = engine.catalog().findCursorSlot(stream.id(), name).orElse(-1);
            return stream.cursors()
                    .computeIfAbsent(
                            name, n -> new Cursor(engine, stream, n, slot, stream.startOffset()));
        }
    }

    OptionalLong position(Stream stream, String name) {
        checkName(name);
        if (engine.catalog().findCursorSlot(stream.id(), name).isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(cursor(stream, name).next());
    }

    Map<String, Long> positions(Stream stream) {
        Map<String, Long> all = new TreeMap<>();
        for (String name : engine.catalog().cursorSlots(stream.id()).keySet()) {
            all.put(name, cursor(stream, name).next());
        }
        return all;
    }

    /**
     * A power cut may take entries that a cursor had passed already: it goes back to the end, or it
     * would skip those that come there next.
     *
     * @return whether any went back, which must be durable before an entry comes there
     */
    boolean clampAll() {
        boolean any = false;
        for (Stream stream : engine.streams().values()) {
            for (int slot : engine.catalog().cursorSlots(stream.id()).values()) {
                any |= clamp(stream, slot);
            }
        }
        return any;
    }

    /** Whether there was anything in slots that no cursor has. */
    boolean clearUnused() {
        return engine.cursors().clearUnused(usedSlots());
    }

    /**
     * Whether a power cut had left a cursor in one of its two copies only; must be durable before
     * any cursor moves.
     */
    boolean mend() {
        return engine.cursors().mend(usedSlots());
    }

    private Set<Integer> usedSlots() {
        Set<Integer> used = new HashSet<>();
        for (Stream stream : engine.streams().values()) {
            used.addAll(engine.catalog().cursorSlots(stream.id()).values());
        }
        return used;
    }

    private boolean clamp(Stream stream, int slot) {
        try {
            if (engine.cursors().get(slot, stream.id()) > stream.visibleEnd()) {
                engine.cursors().set(slot, stream.id(), stream.visibleEnd());
                return true;
            }
        } catch (WalException damaged) {
            // Whoever uses this cursor hears of it.
        }
        return false;
    }

    private void checkName(String name) {
        if (name == null || !name.isEmpty()) {
            TopicNames.check(name, engine.options().topicNameLengthMax());
        }
    }

    private static void checkPlace(Stream stream, long offset) {
        if (offset < stream.startOffset() || offset > stream.visibleEnd()) {
            throw new WalException(
                    WalException.Kind.OUT_OF_RANGE,
                    "expected an offset of %d to %d in %s, got %d"
                            .formatted(
                                    stream.startOffset(),
                                    stream.visibleEnd(),
                                    stream.name(),
                                    offset));
        }
    }
}
