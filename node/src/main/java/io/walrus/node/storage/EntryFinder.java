package io.walrus.node.storage;

import io.walrus.wal.Entry;
import io.walrus.wal.Wal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Finds numbered entries in sealed segments, for who has lost a reply and met a rollover: in what
 * the writers of those sealed last have left, else by reading the segment, which is rare work.
 *
 * <p>One segment is read at a time, on a storage worker, and what was found of its producer is kept
 * for the questions behind it: one read answers for all that was in flight. Any thread may ask.
 */
final class EntryFinder {

    private static final int READ_BYTES = 1 << 20;
    private static final int KEPT_MAX = 64;
    private static final int TABLES_MAX = 16;

    /** A table that weighs more is not kept; sixteen of these are some 10 MB. */
    private static final int TABLE_SIZE_MAX = 10_000;

    private record Key(String stream, long producer) {}

    /** Numbers in a row at offsets in a row, under the first number. */
    private record Row(long offset, long count) {}

    private final Wal wal;
    private final Executor workers;

    /** Touched by one search at a time. */
    private final Map<Key, NavigableMap<Long, Row>> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, NavigableMap<Long, Row>> last) {
                    return size() > KEPT_MAX;
                }
            };

    /** Of the streams that were sealed here last; guarded by this. */
    private final Map<String, ProducerTable> tables =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, ProducerTable> eldest) {
                    return size() > TABLES_MAX;
                }
            };

    private CompletionStage<?> last = CompletableFuture.completedFuture(null);

    EntryFinder(Wal wal, Executor workers) {
        this.wal = wal;
        this.workers = workers;
    }

    /** A stream was sealed, and this is all that its writer knew of it. */
    synchronized void remember(String stream, ProducerTable table) {
        if (table.size() <= TABLE_SIZE_MAX) {
            tables.put(stream, table);
        }
    }

    /**
     * The offset of the entry; empty if the stream has it not. Fails if the stream is not sealed,
     * does not begin at 0 any more, or is damaged.
     */
    synchronized CompletionStage<OptionalLong> find(String stream, ProducerMark mark) {
        ProducerTable table = tables.get(stream);
        Optional<OptionalLong> told = table == null ? Optional.empty() : table.whereInAll(mark);
        if (told.isPresent()) {
            return CompletableFuture.completedFuture(told.get());
        }
        CompletionStage<OptionalLong> found =
                last.thenApplyAsync(before -> findNow(stream, mark), workers);
        last = found.exceptionally(failure -> OptionalLong.empty());
        return found;
    }

    private OptionalLong findNow(String stream, ProducerMark mark) {
        if (!wal.isSealed(stream)) {
            throw new IllegalStateException("expected a sealed segment, " + stream + " is open");
        }
        Map.Entry<Long, Row> row =
                kept.computeIfAbsent(new Key(stream, mark.producer()), this::rowsOf)
                        .floorEntry(mark.sequence());
        long ahead = row == null ? 0 : mark.sequence() - row.getKey();
        if (row != null && ahead < row.getValue().count()) {
            return OptionalLong.of(row.getValue().offset() + ahead);
        }
        return OptionalLong.empty();
    }

    private NavigableMap<Long, Row> rowsOf(Key key) {
        var rows = new TreeMap<Long, Row>();
        long offset = 0;
        List<Entry> entries;
        while (!(entries = wal.readAt(key.stream(), offset, READ_BYTES)).isEmpty()) {
            for (Entry entry : entries) {
                ProducerMark mark = Envelope.markOf(entry);
                if (mark.producer() == key.producer()) {
                    add(rows, mark.sequence(), entry.offset());
                }
            }
            offset += entries.size();
        }
        return rows;
    }

    private static void add(NavigableMap<Long, Row> rows, long sequence, long offset) {
        Map.Entry<Long, Row> before = rows.lastEntry();
        if (before != null
                && before.getKey() + before.getValue().count() == sequence
                && before.getValue().offset() + before.getValue().count() == offset) {
            rows.put(
                    before.getKey(),
                    new Row(before.getValue().offset(), sequence + 1 - before.getKey()));
        } else {
            rows.put(sequence, new Row(offset, 1));
        }
    }
}
