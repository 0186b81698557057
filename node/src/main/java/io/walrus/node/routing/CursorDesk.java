package io.walrus.node.routing;

import io.walrus.metadata.CursorPosition;
import io.walrus.wal.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Hands out the entries of one topic at its shared cursor, each position once.
 *
 * <p>One step at a time: read as many entries as readers wait, store the cursor behind them, then
 * hand them out. The lock guards the queue of readers and is never held during I/O. Readers are
 * served in the order in which they came.
 */
final class CursorDesk {

    private static final int READ_ENTRIES_MAX = 2_000;
    private static final int READ_BYTES_MAX = 4 << 20;

    /** Where the desk gets its places and entries from. */
    interface Shelf {
        CompletionStage<CursorPosition> cursor();

        CompletionStage<Void> moveCursor(CursorPosition place);

        CompletionStage<ReadStep> read(CursorPosition place, int entriesMax, int bytesMax);
    }

    /**
     * Entries from {@code from} on; {@code from} may lie in a later segment than the place that was
     * asked.
     */
    record ReadStep(CursorPosition from, List<Entry> entries) {
        CursorPosition next() {
            return new CursorPosition(from.segment(), from.offset() + entries.size());
        }
    }

    /** Told once: an entry, or null where there is none, or the failure. */
    @FunctionalInterface
    interface Reader {
        void done(Entry entry, Throwable failure);
    }

    private final Shelf shelf;
    private final Deque<Reader> readers = new ArrayDeque<>();
    private CursorPosition place;
    private boolean busy;

    CursorDesk(Shelf shelf) {
        this.shelf = shelf;
    }

    void next(Reader reader) {
        synchronized (this) {
            readers.add(reader);
            if (busy) {
                return;
            }
            busy = true;
        }
        step();
    }

    private void step() {
        List<Reader> served = takeReaders();
        if (served.isEmpty()) {
            return;
        }
        CompletionStage<CursorPosition> at =
                place == null
                        ? shelf.cursor()
                        : java.util.concurrent.CompletableFuture.completedFuture(place);
        at.thenCompose(from -> shelf.read(from, served.size(), READ_BYTES_MAX))
                .thenCompose(
                        step ->
                                step.entries().isEmpty()
                                        ? java.util.concurrent.CompletableFuture.completedFuture(
                                                step)
                                        : shelf.moveCursor(step.next()).thenApply(stored -> step))
                .whenComplete(
                        (step, failure) -> {
                            if (failure == null) {
                                place = step.next();
                                handOut(served, step.entries());
                            } else {
                                place = null;
                                served.forEach(reader -> reader.done(null, cause(failure)));
                            }
                            step();
                        });
    }

    /** The waiting readers, or none and the desk is free again. */
    private synchronized List<Reader> takeReaders() {
        var taken = new ArrayList<Reader>(Math.min(readers.size(), READ_ENTRIES_MAX));
        while (!readers.isEmpty() && taken.size() < READ_ENTRIES_MAX) {
            taken.add(readers.poll());
        }
        busy = !taken.isEmpty();
        return taken;
    }

    /**
     * A read may bring fewer entries than readers wait though there are more: the others go to the
     * front again.
     */
    private void handOut(List<Reader> served, List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            served.get(i).done(entries.get(i), null);
        }
        if (entries.isEmpty()) {
            served.forEach(reader -> reader.done(null, null));
            return;
        }
        synchronized (this) {
            for (int i = served.size() - 1; i >= entries.size(); i--) {
                readers.addFirst(served.get(i));
            }
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
