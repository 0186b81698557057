package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.util.List;
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

    /** The disk is full before the log is opened, and stays so for its first append. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void areNoFaultOnADiskThatIsFullWhenTheLogIsOpened(Backend backend) throws IOException {
        int opened = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            for (FsyncPolicy policy : List.of(FsyncPolicy.none(), FsyncPolicy.each())) {
                opened += openWhileFull(policy, backend, seed) ? 1 : 0;
            }
        }
        assertThat(opened).as("openings of a full disk").isPositive();
    }

    private static boolean openWhileFull(FsyncPolicy policy, Backend backend, int seed)
            throws IOException {
        String how = "%s, seed %d".formatted(policy, seed);
        var log = new LogOnDisk(policy, backend);
        log.append("kept");
        log.wal.seek(TOPIC, "", 0);
        log.wal.sync();
        log.disk.syncDirectory(log.lastFile().getParent());
        SimulatedDisk next = log.disk.crash(seed);
        log.closeCrashed();
        log.disk = next;
        log.disk.leaveRoom(0);
        boolean opened = isOpened(log, how);
        if (opened) {
            assertThat(log.read(TOPIC)).as(how).containsExactly("kept");
            WalException full = refusedOrNull(() -> log.append("no room"));
            assertThat(full == null ? Kind.FULL : full.kind()).as(how).isEqualTo(Kind.FULL);
            assertThat(refused(() -> log.wal.append("new", new byte[1])).kind())
                    .as(how)
                    .isEqualTo(Kind.FULL);
            log.wal.seek(TOPIC, "", 1);
            assertThat(log.wal.stats().failed()).as(how).isFalse();
        }
        log.disk.heal();
        if (!opened) {
            log.open();
        }
        log.append("room again");
        log.closeAndOpen();
        assertThat(log.wal.recovery().damages()).as(how).isEmpty();
        assertThat(log.read(TOPIC)).as(how).startsWith("kept").endsWith("room again");
        log.wal.close();
        assertThat(log.disk.writtenIntoHoles()).as(how).isEmpty();
        return opened;
    }

    private static boolean isOpened(LogOnDisk log, String how) {
        WalException refused = refusedOrNull(log::open);
        if (refused != null) {
            assertThat(refused.kind()).as(how + ": " + refused.getMessage()).isEqualTo(Kind.FULL);
            assertThat(log.disk.openPaths()).as(how).isEmpty();
        }
        return refused == null;
    }

    private static WalException refusedOrNull(Runnable call) {
        try {
            call.run();
            return null;
        } catch (WalException refused) {
            return refused;
        }
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
