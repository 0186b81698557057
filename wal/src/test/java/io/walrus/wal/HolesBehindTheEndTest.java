package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The zeros that a file is filled with may be lost in a power cut while its size stays: on a disk
 * that is full by then, the next append is refused before anything of it is written.
 */
final class HolesBehindTheEndTest {

    private static final int SEEDS = 60;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void areFilledBeforeAnAppendAndAFullDiskRefusesIt(Backend backend) throws IOException {
        int withHoles = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.append("kept");
            log.disk.syncDirectory(log.lastFile().getParent().getParent());
            log.disk.syncDirectory(log.lastFile().getParent());
            log.cutPowerAndOpen(seed);
            if (log.wal.exists(TOPIC) && log.wal.endOffset(TOPIC) == 1) {
                withHoles += 4096 < log.disk.files().get(log.lastFile()).length ? 1 : 0;
                requireRefusedWhileFull(log, seed);
            }
            log.wal.close();
            assertThat(log.disk.writtenIntoHoles()).as("seed %d", seed).isEmpty();
        }
        assertThat(withHoles).isPositive();
    }

    private static void requireRefusedWhileFull(LogOnDisk log, int seed) {
        log.disk.leaveRoom(0);
        WalException full = refused(() -> log.append("no room"));
        assertThat(full.kind()).as("seed %d", seed).isEqualTo(Kind.FULL);
        assertThat(full.mayHaveHappened()).isFalse();
        assertThat(log.wal.stats().failed()).as("seed %d", seed).isFalse();
        log.disk.heal();
        assertThat(log.append("room again")).isEqualTo(1);
        log.closeAndOpen();
        assertThat(log.read(TOPIC)).as("seed %d", seed).containsExactly("kept", "room again");
    }
}
