package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal is read a piece at a time: its records do not care where a piece ends. */
final class JournalReplayTest {

    private static final int ENTRIES = 40;
    private static final int HURT = 10;

    private LogOnDisk log;

    /** The journal alone holds them: a power cut took the files of the topic. */
    private void writeAndLoseTheFiles(int seed) throws IOException {
        log = new LogOnDisk(FsyncPolicy.each(), Backend.FILE_CHANNEL);
        for (int n = 0; n < ENTRIES; n++) {
            log.append(text(seed, n));
        }
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        log.disk = next;
        for (Path file : next.files().keySet()) {
            if (file.toString().contains("/streams/")) {
                next.delete(file);
            }
        }
    }

    /** One of them is nearly as long as a piece. */
    private static String text(int seed, int n) {
        int length = n == HURT ? 250_000 : (seed + n) * 7_919 % 30_011;
        return n + "x".repeat(length);
    }

    private Path journal() {
        return log.disk.files().keySet().stream()
                .filter(path -> path.toString().contains("/journal/"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void recordsAcrossTheEndsOfPiecesComeBack(int seed) throws IOException {
        writeAndLoseTheFiles(seed);
        assertThat(log.disk.files().get(journal())).hasSizeGreaterThan(4 * (256 << 10) - 1);
        log.open();
        for (int n = 0; n < ENTRIES; n++) {
            assertThat(log.wal.readAt(TOPIC, n, 1).get(0).bytes())
                    .isEqualTo(LogOnDisk.bytes(text(seed, n)));
        }
        assertThat(log.wal.recovery().damages()).isEmpty();
        log.wal.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRecordThatIsHurtCostsItsEntryAndIsTold(int seed) throws IOException {
        writeAndLoseTheFiles(seed);
        byte[] bytes = log.disk.files().get(journal());
        Path journal = journal();
        log.disk.flipBit(journal, (LogOnDisk.find(bytes, text(seed, HURT)) + 99) * 8L);
        log.open();
        assertThat(log.wal.recovery().damages())
                .anySatisfy(damage -> assertThat(damage.file()).isEqualTo(journal));
        for (int n = 0; n < ENTRIES; n++) {
            long at = n;
            if (n == HURT) {
                assertThat(refused(() -> log.wal.readAt(TOPIC, at, 1)).kind())
                        .isEqualTo(WalException.Kind.DAMAGED);
            } else {
                assertThat(log.wal.readAt(TOPIC, n, 1).get(0).bytes())
                        .isEqualTo(LogOnDisk.bytes(text(seed, n)));
            }
        }
        log.closeCrashed();
    }
}
