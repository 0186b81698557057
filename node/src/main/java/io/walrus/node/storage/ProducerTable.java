package io.walrus.node.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which numbered entries one segment has, or is about to have, and where.
 *
 * <p>A producer's entries come into a segment without a gap: after one that was refused, those
 * behind it are refused too, until it is sent again. Of each producer the last {@value
 * #SEQUENCES_MAX} are known.
 *
 * <p>Any thread; the lock is held for a look-up.
 */
final class ProducerTable {

    /** A segment takes no more producers than this. */
    static final int PRODUCERS_MAX = 10_000;

    /** More than a client has in flight on one connection. */
    static final int SEQUENCES_MAX = 8_192;

    private static final long NOT_YET = -1;

    /** What the table says of entries that come. */
    enum Look {
        /** They are the next ones. */
        NEXT,
        /** The first one is here, or under way. */
        KNOWN,
        /** One before them is missing. */
        GAP,
        /** A later one was taken, this one was not. */
        OVERTAKEN,
        /** Too old to tell. */
        FORGOTTEN
    }

    /** Entries in a row, by number and by offset. */
    static final class Run {
        private final long sequence;
        private int count;
        private long offset = NOT_YET;

        private Run(long sequence, int count) {
            this.sequence = sequence;
            this.count = count;
        }

        private long end() {
            return sequence + count;
        }

        private boolean isFollowedBy(Run next) {
            return offset != NOT_YET
                    && next.offset == offset + count
                    && next.sequence == end()
                    && (long) count + next.count <= SEQUENCES_MAX / 2;
        }
    }

    /** One producer's entries, in the order of their numbers. */
    private static final class Line {
        private final Deque<Run> runs = new ArrayDeque<>();
        private long next;
        private long forgottenEnd;
        private long undoneStart = Long.MAX_VALUE;

        Run holding(long sequence) {
            for (Iterator<Run> last = runs.descendingIterator(); last.hasNext(); ) {
                Run run = last.next();
                if (run.sequence <= sequence) {
                    return sequence < run.end() ? run : null;
                }
            }
            return null;
        }
    }

    private final Map<Long, Line> lines = new HashMap<>();

    synchronized boolean isFull() {
        return lines.size() >= PRODUCERS_MAX;
    }

    /** Entries that are to be written: nobody's, or their producer's next ones. */
    boolean isNext(ProducerMark first) {
        return first.isNone() || look(first) == Look.NEXT;
    }

    synchronized Look look(ProducerMark first) {
        Line line = lines.get(first.producer());
        if (line == null || first.sequence() == line.next) {
            return Look.NEXT;
        }
        if (first.sequence() > line.next) {
            return Look.GAP;
        }
        if (first.sequence() < line.forgottenEnd) {
            return Look.FORGOTTEN;
        }
        return line.holding(first.sequence()) != null ? Look.KNOWN : Look.OVERTAKEN;
    }

    /** Entries that are next are being written from now on. */
    synchronized Run begin(ProducerMark first, int count) {
        Line line = lines.computeIfAbsent(first.producer(), producer -> new Line());
        joinLast(line);
        var run = new Run(first.sequence(), count);
        line.runs.addLast(run);
        line.next = run.end();
        while (line.next - line.runs.peekFirst().sequence > SEQUENCES_MAX && line.runs.size() > 1) {
            line.forgottenEnd = line.runs.pollFirst().end();
        }
        return run;
    }

    /** Few long runs instead of many short ones. */
    private static void joinLast(Line line) {
        Run last = line.runs.pollLast();
        Run before = line.runs.peekLast();
        if (before != null && before.isFollowedBy(last)) {
            before.count += last.count;
        } else if (last != null) {
            line.runs.addLast(last);
        }
    }

    synchronized void stored(Run run, long firstOffset) {
        run.offset = firstOffset;
    }

    /** Nothing of it was written; it may come again. */
    synchronized void undo(ProducerMark first, Run run) {
        Line line = lines.get(first.producer());
        line.runs.remove(run);
        line.undoneStart = Math.min(line.undoneStart, run.sequence);
        line.next = line.runs.isEmpty() ? line.undoneStart : line.runs.peekLast().end();
    }

    /** Entries came and were refused: nothing behind them is taken before they come again. */
    synchronized void refused(ProducerMark first) {
        if (!isFull()) {
            lines.computeIfAbsent(
                    first.producer(),
                    producer -> {
                        var line = new Line();
                        line.next = first.sequence();
                        return line;
                    });
        }
    }

    /** What it weighs: producers, and rows of their entries. */
    synchronized int size() {
        int size = lines.size();
        for (Line line : lines.values()) {
            size += line.runs.size();
        }
        return size;
    }

    /**
     * Where an entry is, when nothing more comes: empty if it certainly is not there.
     *
     * @return empty if this table cannot tell any more
     */
    synchronized Optional<OptionalLong> whereInAll(ProducerMark mark) {
        return switch (look(mark)) {
            case KNOWN ->
                    Optional.of(offsetOf(mark))
                            .filter(offset -> offset != NOT_YET)
                            .map(OptionalLong::of);
            case FORGOTTEN -> Optional.empty();
            case NEXT, GAP, OVERTAKEN -> Optional.of(OptionalLong.empty());
        };
    }

    /** Where a known entry is; negative while that is not settled. */
    synchronized long offsetOf(ProducerMark mark) {
        Run run = runOf(mark);
        return run == null || run.offset == NOT_YET
                ? NOT_YET
                : run.offset + mark.sequence() - run.sequence;
    }

    /** How many entries lie in a row from a known one on, at most {@code countMax}. */
    synchronized int inARow(ProducerMark mark, int countMax) {
        Run run = runOf(mark);
        return run == null ? 0 : (int) Math.min(run.end() - mark.sequence(), countMax);
    }

    private Run runOf(ProducerMark mark) {
        Line line = lines.get(mark.producer());
        return line == null ? null : line.holding(mark.sequence());
    }
}
