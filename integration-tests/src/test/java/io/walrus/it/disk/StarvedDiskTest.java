package io.walrus.it.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walrus.wal.Wal;
import io.walrus.wal.WalException;
import io.walrus.wal.WalException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No room, no writing, no device: on real file systems. */
@Tag("root")
final class StarvedDiskTest {

    private static final String TOPIC = "topic-0";

    @ParameterizedTest
    @CsvSource({"every,MAPPED", "every,FILE_CHANNEL", "each,MAPPED"})
    void aFullDiskRefusesAppendsCleanlyAndHealsByItself(
            String policy, String backend, @TempDir Path work) throws Exception {
        LoopDisk.requireRootAnd("mkfs.ext4", "losetup");
        try (LoopDisk disk = LoopDisk.of("ext4", work, 96)) {
            Files.createDirectories(disk.dir());
            try (Wal wal = Wal.open(WritingChild.options(disk.dir(), policy, backend))) {
                wal.append(TOPIC, Payload.of(0, 0));
                disk.fill();
                long end = appendUntilRefused(wal);
                assertThat(LogCheck.requireRightEntries(wal, 0)).isEqualTo(end);
                assertThat(wal.readNext(TOPIC, true)).isPresent();
                wal.commit(TOPIC, "other", end / 2);
                disk.empty();
                assertThat(wal.append(TOPIC, Payload.of(0, end))).isEqualTo(end);
            }
            try (Wal wal = Wal.open(WritingChild.options(disk.dir(), policy, backend))) {
                LogCheck.requireRightEntries(wal, 0);
                assertThat(wal.recovery().damages()).isEmpty();
            }
        }
    }

    private static long appendUntilRefused(Wal wal) {
        for (long next = wal.endOffset(TOPIC); ; next++) {
            byte[] payload = Payload.of(0, next);
            WalException refused =
                    catchThrowableOfType(WalException.class, () -> wal.append(TOPIC, payload));
            if (refused != null) {
                assertThat(refused.kind()).isEqualTo(Kind.FULL);
                assertThat(refused.mayHaveHappened()).isFalse();
                assertThat(wal.endOffset(TOPIC)).isEqualTo(next);
                return next;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAPPED", "FILE_CHANNEL"})
    void aReadOnlyFileSystemIsRefusedAndTouchedByNothing(String backend, @TempDir Path work)
            throws Exception {
        LoopDisk.requireRootAnd("mkfs.ext4", "losetup");
        try (LoopDisk disk = LoopDisk.of("ext4", work, 96)) {
            Files.createDirectories(disk.dir());
            try (var child = new ChildJvm(disk.dir(), "each", backend, 1, new Told(1))) {
                child.awaitOpened();
            }
            disk.remountReadOnly();
            WalException refused =
                    catchThrowableOfType(
                            WalException.class,
                            () -> Wal.open(WritingChild.options(disk.dir(), "each", backend)));
            assertThat(refused.kind()).isEqualTo(Kind.IO);
        }
    }

    /** A thin-provisioned device runs out: the first force fails, the next one says fine. */
    @ParameterizedTest
    @ValueSource(strings = {"MAPPED", "FILE_CHANNEL"})
    void aFailedForceOfTheDeviceIsFinalAndNoAckIsLost(String backend, @TempDir Path work)
            throws Exception {
        LoopDisk.requireRootAnd("mkfs.ext4", "losetup");
        Path thin = Files.createDirectories(work.resolve("thin"));
        LoopDisk.run("mount", "-t", "tmpfs", "-o", "size=64m", "none", thin.toString());
        try (LoopDisk disk = LoopDisk.of("ext4", thin, 600)) {
            Files.createDirectories(disk.dir());
            var told = new Told(1);
            try (var child = new ChildJvm(disk.dir(), "each", backend, 1, told)) {
                child.awaitEnd();
            }
            List<Kind> refusals = told.refusals();
            assertThat(refusals).isNotEmpty();
            assertThat(refusals.get(0)).isIn(Kind.FAILED, Kind.STOPPED);
            assertThat(refusals.subList(1, refusals.size()))
                    .as("FailedSyncIsFinal")
                    .containsOnly(Kind.STOPPED);
            assertThat(told.acks()).isPositive();
            disk.unmount();
            LoopDisk.run("mount", "-o", "remount,size=2g", thin.toString());
            disk.mount();
            try (Wal wal = Wal.open(WritingChild.options(disk.dir(), "each", backend))) {
                LogCheck.requireEverythingAcked(wal, told);
            }
        } finally {
            LoopDisk.run("umount", "-l", thin.toString());
        }
    }
}
