package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.format.FileHeader;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An opening that fails leaves nothing behind in the process. */
final class RefusedOpeningTest {

    /** To place a file with a damaged header, opening reads the one before, and holds it open. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFileReadToPlaceADamagedOneIsClosedWhereverThePowerGoes(Backend backend) {
        var log = withADamagedHeader(backend);
        SimulatedDisk before = log.disk;
        int refused = 0;
        for (boolean opened = false; !opened; refused += opened ? 0 : 1) {
            log.disk = before.copy();
            log.disk.cutPowerAfter(refused);
            opened = opens(log);
            assertThat(log.disk.openPaths()).as("power cut in %d calls", refused).isEmpty();
        }
        assertThat(refused).isGreaterThan(10);
    }

    /**
     * Where a damaged file's entries start is where the one before it ends: if that one cannot be
     * read, opening says so, and never guesses another place.
     */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFileThatCannotBeReadToPlaceADamagedOneRefusesTheOpening(Backend backend) {
        var log = withADamagedHeader(backend);
        SimulatedDisk before = log.disk;
        for (DiskCall call : List.of(DiskCall.OPEN, DiskCall.READ, DiskCall.MAP, DiskCall.SIZE)) {
            boolean met = true;
            for (int skip = 0; met; skip++) {
                log.disk = before.copy();
                log.disk.failOnce(call, path -> path.endsWith("00000001.log"), skip);
                try {
                    log.open();
                    met = !log.disk.hasFaults();
                    assertThat(log.wal.recovery().damages().get(0).offset())
                            .as("%s %d", call, skip)
                            .isEqualTo(1);
                    log.wal.close();
                } catch (WalException refused) {
                    assertThat(refused.kind()).isIn(WalException.Kind.IO, WalException.Kind.FAILED);
                    assertThat(log.disk.openPaths()).isEmpty();
                }
            }
        }
    }

    private static boolean opens(LogOnDisk log) {
        try {
            log.open();
        } catch (WalException refused) {
            return false;
        }
        log.disk.heal();
        assertThat(log.wal.recovery().damages()).hasSize(1);
        log.wal.close();
        return true;
    }

    /**
     * In the first of two streams, killed: opening goes on to scan the file, and the other stream.
     */
    private static LogOnDisk withADamagedHeader(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("x".repeat(10_000));
        log.append("y".repeat(100_000));
        Path second = log.lastFile();
        assertThat(second.getFileName()).hasToString("00000002.log");
        log.wal.append("topic-2", LogOnDisk.bytes("behind it"));
        log.disk = log.disk.processCrash();
        log.closeCrashed();
        byte[] damaged = log.disk.files().get(second);
        Arrays.fill(damaged, 0, FileHeader.BYTES + 100, (byte) 0x5a);
        log.disk.put(second, damaged);
        return log;
    }
}
