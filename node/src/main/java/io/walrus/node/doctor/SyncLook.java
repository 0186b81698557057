package io.walrus.node.doctor;

import io.walrus.wal.WalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Puts what the disk's sync costs into words. */
final class SyncLook {

    private static final int[] WRITERS = {1, 10, 100};
    private static final long SLOW_PER_SECOND = 100;
    private static final long TOO_FAST_PER_SECOND = 100_000;

    private SyncLook() {}

    static List<Finding> look(Path existing, long millisEach, LongSupplier nanoClock) {
        Map<Integer, Long> rates = new TreeMap<>();
        try (AppendTrial trial = AppendTrial.below(existing, nanoClock)) {
            for (int writers : WRITERS) {
                rates.put(writers, trial.appendsPerSecond(writers, millisEach));
            }
        } catch (IOException | WalException refused) {
            return List.of(
                    Finding.hurts(
                            "sync",
                            "cannot write below %s: %s; choose another --data-dir"
                                    .formatted(existing, refused.getMessage())));
        }
        return inWords(rates);
    }

    static List<Finding> inWords(Map<Integer, Long> rates) {
        List<Finding> findings = new ArrayList<>();
        rates.forEach((writers, rate) -> findings.add(inWords(writers, rate)));
        return findings;
    }

    private static Finding inWords(int writers, long rate) {
        String found =
                "%s: about %,d durable appends of 1 KiB a second together, %s ms each"
                        .formatted(
                                writers == 1 ? "1 writer" : writers + " writers",
                                rate,
                                rate == 0 ? "?" : "%.2f".formatted(1_000.0 * writers / rate));
        if (writers == 1 && rate < SLOW_PER_SECOND) {
            return Finding.hurts(
                    "sync",
                    found + "; this disk syncs slowly: more writers at once, or --fsync 200");
        }
        if (writers == 1 && rate > TOO_FAST_PER_SECOND) {
            return Finding.note(
                    "sync", found + "; faster than disks are: does this one sync at all?");
        }
        return Finding.ok("sync", found);
    }
}
