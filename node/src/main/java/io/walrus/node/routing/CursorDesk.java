package io.walrus.node.routing;

import io.vertx.core.buffer.Buffer;
import io.walrus.metadata.CursorPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Hands out the entries of one topic at its shared cursor, in order.
 *
 * <p>One step at a time: read as many entries as readers wait for, store the cursor behind them,
 * then hand them out, so that a node that dies hands no position out twice. Under at-least-once
 * they are handed out first, and the cursor is stored after {@value #UNSTORED_MAX} entries, when it
 * is asked to settle, and before it stands still. The lock guards the queue of readers and is never
 * held during I/O. Readers are served in the order in which they came; neighbours that want one
 * entry each share a step.
 */
final class CursorDesk {

    private static final int READ_ENTRIES_MAX = 2_000;
    private static final int READ_BYTES_MAX = 4 << 20;

    /** Under at-least-once, so many entries at most come again after a crash. */
    static final int UNSTORED_MAX = 1_000;

    /** Where the desk gets its places and entries from. */
    interface Shelf {
        /** No tenure: this node does not own the cursor, or cannot know where it stands. */
        int NONE = 0;

        /**
         * The time for which this node owns the cursor at this moment, as a number. Between two of
         * them others may have moved it, so nothing that was known in one counts in another.
         */
        int tenure();

        /** All three fail unless that tenure lasts. */
        CompletionStage<CursorPosition> cursor(int tenure);

        CompletionStage<Void> moveCursor(int tenure, CursorPosition place);

        CompletionStage<ReadStep> read(
                int tenure, CursorPosition place, int entriesMax, int bytesMax);
    }

    /**
     * Entries from {@code from} on; {@code from} may lie in a later segment than the place that was
     * asked.
     */
    record ReadStep(CursorPosition from, List<Buffer> entries) {
        CursorPosition next() {
            return new CursorPosition(from.segment(), from.offset() + entries.size());
        }

        ReadStep first(int count) {
            return entries.size() <= count ? this : new ReadStep(from, entries.subList(0, count));
        }
    }

    /** Told once: the entries, none where there is none yet, or the failure. */
    @FunctionalInterface
    interface Reader {
        void done(List<Buffer> entries, Throwable failure);
    }

    /** What a reader wants; {@code sharesStep} is true for one entry that is taken. */
    record Ask(int entriesMax, int bytesMax, boolean takes, boolean sharesStep, Reader reader) {
        static Ask one(Reader reader) {
            return new Ask(1, READ_BYTES_MAX, true, true, reader);
        }

        static Ask peek(Reader reader) {
            return new Ask(1, 1, false, false, reader);
        }

        static Ask many(int entriesMax, int bytesMax, Reader reader) {
            return new Ask(entriesMax, bytesMax, true, false, reader);
        }
    }

    private final Shelf shelf;
    private final BooleanSupplier isAtLeastOnce;
    private final Runnable isBehind;
    private final Deque<Ask> asks = new ArrayDeque<>();

    /**
     * Where the cursor stands; null until it was loaded, or after a failure. Touched by one step at
     * a time.
     */
    private CursorPosition place;

    /** The tenure in which {@link #place} was loaded. */
    private int tenure = Shelf.NONE;

    private boolean busy;

    /** Entries handed out behind the stored place. */
    private int unstored;

    private boolean settles;

    /** Completed when the desk has frozen; null while it serves. */
    private CompletableFuture<Void> frozen;

    /**
     * @param isAtLeastOnce asked at each step whether entries are handed out before the cursor is
     *     stored
     * @param isBehind told whenever entries were handed out behind the stored cursor, which then
     *     waits for {@link #settle}
     */
    CursorDesk(Shelf shelf, BooleanSupplier isAtLeastOnce, Runnable isBehind) {
        this.shelf = shelf;
        this.isAtLeastOnce = isAtLeastOnce;
        this.isBehind = isBehind;
    }

    void ask(Ask ask) {
        synchronized (this) {
            asks.add(ask);
        }
        proceed();
    }

    /**
     * Hands out nothing from now on, so that the cursor stands still; completes when the step under
     * way has ended and the cursor is stored. Readers wait.
     */
    CompletionStage<Void> freeze() {
        CompletionStage<Void> still;
        synchronized (this) {
            if (frozen == null) {
                frozen = new CompletableFuture<>();
            }
            still = frozen;
        }
        proceed();
        return still;
    }

    /** Stores the cursor if entries were handed out behind it; call it now and then. */
    void settle() {
        synchronized (this) {
            if (unstored == 0) {
                return;
            }
            settles = true;
        }
        proceed();
    }

    /** Serves again, from the stored place. */
    void thaw() {
        synchronized (this) {
            frozen = null;
            if (!busy) {
                place = null;
            }
        }
        proceed();
    }

    private void proceed() {
        synchronized (this) {
            if (busy) {
                return;
            }
            busy = true;
        }
        step();
    }

    private void step() {
        forgetOtherTenure();
        if (mustStoreFirst()) {
            storeBehind();
            return;
        }
        List<Ask> served = takeNeighbours();
        if (served.isEmpty()) {
            return;
        }
        Ask first = served.get(0);
        int wanted = first.sharesStep() ? served.size() : first.entriesMax();
        boolean storesFirst = first.takes() && !isAtLeastOnce.getAsBoolean();
        CompletionStage<CursorPosition> at =
                place == null ? shelf.cursor(tenure) : CompletableFuture.completedFuture(place);
        at.thenCompose(from -> shelf.read(tenure, from, wanted, first.bytesMax()))
                .thenApply(found -> found.first(wanted))
                .thenCompose(found -> store(found, storesFirst))
                .whenComplete(
                        (found, failure) -> {
                            if (failure == null) {
                                place = first.takes() ? found.next() : found.from();
                                note(first.takes() && !storesFirst ? found.entries().size() : 0);
                                handOut(served, found.entries());
                            } else {
                                forgetUnlessBehind(cause(failure));
                                served.forEach(ask -> ask.reader().done(null, cause(failure)));
                            }
                            step();
                        });
    }

    private synchronized void forgetOtherTenure() {
        int now = shelf.tenure();
        if (now != tenure) {
            tenure = now;
            place = null;
            unstored = 0;
        }
    }

    private synchronized boolean mustStoreFirst() {
        return unstored > 0
                && (settles
                        || frozen != null
                        || unstored >= UNSTORED_MAX
                        || !isAtLeastOnce.getAsBoolean());
    }

    /** What cannot be stored is forgotten: it is handed out again, here or by the next owner. */
    private void storeBehind() {
        synchronized (this) {
            unstored = 0;
            settles = false;
        }
        shelf.moveCursor(tenure, place)
                .whenComplete(
                        (stored, failure) -> {
                            if (failure != null) {
                                place = null;
                            }
                            step();
                        });
    }

    private void note(int handedOut) {
        synchronized (this) {
            unstored += handedOut;
        }
        if (handedOut > 0) {
            isBehind.run();
        }
    }

    /** A read that failed is no reason to hand out again what was handed out and not stored. */
    private synchronized void forgetUnlessBehind(Throwable failure) {
        if (unstored == 0 || failure instanceof TopicShelf.NotOwnerException) {
            place = null;
            unstored = 0;
        }
    }

    private CompletionStage<ReadStep> store(ReadStep found, boolean takes) {
        return takes && !found.entries().isEmpty()
                ? shelf.moveCursor(tenure, found.next()).thenApply(stored -> found)
                : CompletableFuture.completedFuture(found);
    }

    /**
     * The next reader, with its neighbours if they may share a step; or none, and the desk is free
     * again.
     */
    private synchronized List<Ask> takeNeighbours() {
        var taken = new ArrayList<Ask>();
        Ask next;
        while (frozen == null
                && (next = asks.peek()) != null
                && taken.size() < READ_ENTRIES_MAX
                && (taken.isEmpty() || next.sharesStep() && taken.get(0).sharesStep())) {
            taken.add(asks.poll());
        }
        busy = !taken.isEmpty();
        if (!busy && frozen != null) {
            frozen.complete(null);
        }
        return taken;
    }

    /**
     * A read may bring fewer entries than readers wait for though there are more: the others go to
     * the front again.
     */
    private void handOut(List<Ask> served, List<Buffer> entries) {
        if (!served.get(0).sharesStep()) {
            served.get(0).reader().done(entries, null);
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            served.get(i).reader().done(entries.subList(i, i + 1), null);
        }
        if (entries.isEmpty()) {
            served.forEach(ask -> ask.reader().done(List.of(), null));
            return;
        }
        synchronized (this) {
            for (int i = served.size() - 1; i >= entries.size(); i--) {
                asks.addFirst(served.get(i));
            }
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
