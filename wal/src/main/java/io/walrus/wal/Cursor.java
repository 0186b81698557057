package io.walrus.wal;

import java.util.function.LongFunction;

/**
 * One named reader's next offset. Its monitor makes moves happen one after the other, each for as
 * long as the policy needs to make it durable; {@link #next} needs no monitor.
 */
final class Cursor {

    private final Engine engine;
    private final Stream stream;
    private final String name;
    private int slot;
    private volatile long next;
    private int unpersisted;

    /**
     * @param slot its slot, or -1 if it never moved
     * @param next where it is
     */
    Cursor(Engine engine, Stream stream, String name, int slot, long next) {
        this.engine = engine;
        this.stream = stream;
        this.name = name;
        this.slot = slot;
        this.next = next;
    }

    /** The next entry it will read, which retention may have moved forward. */
    long next() {
        return Math.max(next, stream.startOffset());
    }

    /** It was moved before, in this life of the log or an earlier one. */
    synchronized boolean isNamed() {
        return slot >= 0;
    }

    /**
     * Moves forward; a place that is behind it already changes nothing, but that it is persisted.
     */
    synchronized void commit(long offset) {
        // An earlier move that failed may be on disk: not even the place it has is promised then.
        engine.health().requireHealthy();
        if (offset > next || slot < 0 || unpersisted > 0) {
            move(Math.max(offset, next));
        }
    }

    /** Moves anywhere. */
    synchronized void seek(long offset) {
        move(offset);
    }

    /**
     * Reads at the cursor and moves it behind what was read, before anybody gets it.
     *
     * @param read gives the next offset for a place, or that place if there is nothing
     */
    synchronized void consume(LongFunction<Long> read) {
        long from = next();
        long to = read.apply(from);
        if (to == from) {
            return;
        }
        if (engine.options().reads() instanceof ReadConsistency.AtLeastOnce lazy) {
            unpersisted += (int) (to - from);
            if (unpersisted < lazy.persistEvery()) {
                next = to;
                return;
            }
        }
        move(to);
    }

    /** The log closes in order: nothing that was handed out is handed out again. */
    synchronized void settle() {
        if (unpersisted > 0) {
            name();
            engine.cursors().set(slot, stream.id(), next);
            unpersisted = 0;
        }
    }

    private void name() {
        if (slot < 0) {
            slot = engine.changeCatalog(() -> engine.catalog().cursorSlot(stream.id(), name));
        }
    }

    /** Disk first, memory after. */
    private void move(long offset) {
        engine.health().requireHealthy();
        name();
        try {
            if (engine.isEach()) {
                moveByJournal(offset);
            } else {
                store(offset);
            }
        } catch (WalException refused) {
            throw refused;
        } catch (RuntimeException | Error unexpected) {
            throw engine.health().fail(unexpected);
        }
        next = offset;
        unpersisted = 0;
    }

    private void moveByJournal(long offset) {
        engine.whileOpen(
                () -> {
                    var move = Pending.sync(stream);
                    move.slot = slot;
                    move.cursorValue = offset;
                    store(offset);
                    engine.await(move);
                });
    }

    /** Known as unforced before the journal has it: a checkpoint that frees the journal sees it. */
    private void store(long offset) {
        engine.cursors().set(slot, stream.id(), offset);
        engine.cursorsDirty().set(true);
    }
}
