package io.walrus.wal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What recovery found so far. One thread. */
final class RecoveryFindings {

    private final List<RecoveryReport.Cut> cuts = new ArrayList<>();
    private final List<RecoveryReport.Damage> damages = new ArrayList<>();
    private int filesScanned;
    private long bytesScanned;

    void scanned(long bytes) {
        filesScanned++;
        bytesScanned += bytes;
    }

    void cut(String topic, Path file, long position, long bytes) {
        cuts.add(new RecoveryReport.Cut(topic, file, position, bytes));
    }

    void cut(RecoveryReport.Cut cut) {
        cuts.add(cut);
    }

    void damage(String topic, Path file, long position, long offset, String what) {
        damages.add(new RecoveryReport.Damage(topic, file, position, offset, what));
    }

    RecoveryReport report(int topics, long tookNanos) {
        return new RecoveryReport(
                topics, filesScanned, bytesScanned, cuts, damages, Duration.ofNanos(tookNanos));
    }
}
