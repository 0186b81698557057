package io.walrus.it.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.RecoveryReport;
import io.walrus.wal.Wal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The power goes under a real file system: twice a case, with {@code -Psoak} twenty times. */
@Tag("root")
final class PowerCutTest {

    private static final int CUTS = Integer.getInteger("walrus.powercuts", 2);
    private static final int TOPICS = 3;

    @ParameterizedTest
    @CsvSource({"ext4,each,MAPPED", "xfs,each,MAPPED", "ext4,each,FILE_CHANNEL"})
    void aPowerCutLosesNothingThatWasAcknowledgedAsDurable(
            String type, String policy, String backend, @TempDir Path work) throws Exception {
        LoopDisk.requireRootAnd("xfs_io", "mkfs." + type, "losetup");
        var told = new Told(TOPICS);
        var random = new Random(type.hashCode());
        try (LoopDisk disk = LoopDisk.of(type, work, 400)) {
            for (int cut = 0; cut < CUTS; cut++) {
                cutWhileWriting(disk, policy, backend, told, random);
                try (Wal wal = openUnmapped(disk, policy)) {
                    LogCheck.requireEverythingAcked(wal, told);
                }
            }
        }
        assertThat(told.acks()).isGreaterThan(CUTS);
    }

    @ParameterizedTest
    @CsvSource({"ext4,every,MAPPED", "xfs,none,MAPPED"})
    void withoutSyncsAPowerCutTakesTheEndAndNeverMixesAnythingUp(
            String type, String policy, String backend, @TempDir Path work) throws Exception {
        LoopDisk.requireRootAnd("xfs_io", "mkfs." + type, "losetup");
        var random = new Random(policy.hashCode());
        for (int cut = 0; cut < CUTS; cut++) {
            var told = new Told(TOPICS);
            try (LoopDisk disk = LoopDisk.of(type, work, 400)) {
                cutWhileWriting(disk, policy, backend, told, random);
                try (Wal wal = openUnmapped(disk, policy)) {
                    requireRightOrReported(wal);
                }
            }
            assertThat(told.acks()).isPositive();
        }
    }

    /** The backend that maps least: what is mapped keeps the file system busy. */
    private static Wal openUnmapped(LoopDisk disk, String policy) {
        return Wal.open(WritingChild.options(disk.dir(), policy, "FILE_CHANNEL"));
    }

    private static void cutWhileWriting(
            LoopDisk disk, String policy, String backend, Told told, Random random)
            throws Exception {
        long more = told.acks() + 1 + random.nextInt(3_000);
        try (var child = new ChildJvm(disk.dir(), policy, backend, TOPICS, told)) {
            child.awaitOpened();
            awaitAcks(told, more);
            disk.cutPower();
        }
        disk.unmount();
        disk.mount();
    }

    /** A machine that has other work needs its time; a child that was refused says so at once. */
    private static void awaitAcks(Told told, long count) {
        int before = told.refusals().size();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> count <= told.acks() || before < told.refusals().size());
        assertThat(told.refusals()).as("refusals while there is power").hasSize(before);
    }

    private static void requireRightOrReported(Wal wal) {
        for (int topic = 0; topic < TOPICS; topic++) {
            String name = "topic-" + topic;
            boolean damaged =
                    wal.recovery().damages().stream()
                            .map(RecoveryReport.Damage::topic)
                            .anyMatch(name::equals);
            if (wal.exists(name) && !damaged) {
                LogCheck.requireRightEntries(wal, topic);
            }
        }
    }
}
