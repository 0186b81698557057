package io.walrus.wal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;

/** The consuming cursor of one topic: where it is, and where a crash may find it. */
final class CursorModel {

    /** The next offset to hand out, as this process knows. */
    long value;

    /** Where a process crash may find it, and where a power cut may. */
    private final Set<Long> afterProcessCrash = new HashSet<>(Set.of(0L));

    private final Set<Long> afterPowerCut = new HashSet<>(Set.of(0L));

    /** Moved and persisted as far as a crash of the process goes. */
    void moved(long to, boolean durable) {
        value = to;
        afterProcessCrash.clear();
        afterProcessCrash.add(to);
        if (durable) {
            afterPowerCut.clear();
        }
        afterPowerCut.add(to);
    }

    /** Moved in memory; at most so many entries are handed out again after a crash. */
    void movedMaybe(long to, long start, long againMax, boolean durable) {
        value = to;
        attempted(to);
        afterProcessCrash.removeIf(each -> Math.max(each, start) < to - againMax);
        if (durable) {
            afterPowerCut.removeIf(each -> Math.max(each, start) < to - againMax);
        }
    }

    /** A move failed: it may have happened. */
    void attempted(long to) {
        afterProcessCrash.add(to);
        afterPowerCut.add(to);
    }

    /** Where the log says it is, after a move that failed. */
    void requirePossible(long found, long start, String cursor) {
        assertThat(afterProcessCrash)
                .as("CursorNeverGoesBack: " + cursor)
                .anyMatch(each -> Math.max(each, start) == found);
    }

    /** Everything that was persisted so far survives a power cut as well. */
    void durable() {
        afterPowerCut.clear();
        afterPowerCut.addAll(afterProcessCrash);
    }

    /** Closed in order: it is where the last reader left it. */
    void closed() {
        afterProcessCrash.clear();
        afterProcessCrash.add(value);
        durable();
    }

    void forgotten() {
        value = 0;
        afterProcessCrash.clear();
        afterProcessCrash.add(0L);
        afterPowerCut.clear();
        afterPowerCut.add(0L);
    }

    /** After a restart. A cursor beyond the end comes back to it: those entries are gone. */
    void reopened(Crash crash, long found, long start, long end, boolean durableNow, String topic) {
        Set<Long> allowed = new HashSet<>();
        for (long each : crash == Crash.POWER ? afterPowerCut : afterProcessCrash) {
            allowed.add(Math.min(Math.max(each, start), end));
        }
        assertThat(allowed)
                .as("CursorNeverGoesBack: cursor of %s [%d, %d) after %s", topic, start, end, crash)
                .contains(Math.min(Math.max(found, start), end));
        value = Math.min(Math.max(found, start), end);
        afterProcessCrash.clear();
        afterProcessCrash.add(value);
        if (crash == Crash.PROCESS && !durableNow) {
            afterPowerCut.add(value);
        } else {
            durable();
        }
    }
}
