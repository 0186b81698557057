package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.DIR;
import static io.walrus.wal.LogOnDisk.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A directory that was made, and whose name could not be synced, is synced by whoever uses it. */
final class UnsyncedNamesTest {

    private static final int SEEDS = 12;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void ofATopic(Backend backend) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.disk.failOnce(DiskCall.SYNC_DIRECTORY, 0);
            log.append("first");
            assertThat(LogOnDisk.refused(log.wal::sync).kind()).isEqualTo(Kind.FAILED);
            log.killAndOpen();
            log.wal.sync();
            log.cutPowerAndOpen(seed);
            assertThat(log.read(TOPIC)).containsExactly("first");
            log.wal.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void ofWhateverAnOpeningMakes(Backend backend) {
        for (int skip = 0; skip < 6; skip++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                var log = new LogOnDisk(FsyncPolicy.each(), backend);
                log.wal.close();
                openInTwoTries(log, new SimulatedDisk(seed), DIR::equals, skip);
                log.append("first");
                log.cutPowerAndOpen(seed);
                assertThat(log.read(TOPIC)).as("skip %d, seed %d", skip, seed).hasSize(1);
                log.wal.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void ofATopicThatTheJournalBringsBack(Backend backend) {
        for (int skip = 0; skip < 6; skip++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                var log = new LogOnDisk(FsyncPolicy.each(), backend);
                log.append("first");
                SimulatedDisk next = log.disk.crash(seed);
                log.closeCrashed();
                openInTwoTries(log, next, path -> true, skip);
                log.cutPowerAndOpen(seed);
                assertThat(log.read(TOPIC)).as("skip %d, seed %d", skip, seed).hasSize(1);
                log.wal.close();
            }
        }
    }

    private static void openInTwoTries(
            LogOnDisk log, SimulatedDisk disk, Predicate<Path> where, int skip) {
        log.disk = disk;
        disk.failOnce(DiskCall.SYNC_DIRECTORY, where, skip);
        try {
            log.open();
        } catch (WalException firstTry) {
            assertThat(firstTry.kind()).isEqualTo(Kind.IO);
            log.open();
        }
        disk.heal();
    }
}
