package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A big file under {@code each()} is filled with zeros as it is used. A disk that gets full in its
 * middle refuses the append that there is no room for, and nothing else ever.
 */
final class FilledAsUsedTest {

    private static final int FILE_BYTES = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        "MAPPED, 1000", "MAPPED, 20000", "MAPPED, 150000",
        "FILE_CHANNEL, 1000", "FILE_CHANNEL, 20000", "FILE_CHANNEL, 150000"
    })
    void aFullDiskInTheMiddleRefusesAndHealsByItself(Backend backend, int entryBytes) {
        var log = new LogOnDisk(FsyncPolicy.each(), backend, FILE_BYTES);
        List<String> accepted = new ArrayList<>();
        int refusals = 0;
        append(log, accepted, entryBytes);
        while ((long) accepted.size() * entryBytes < 3L * FILE_BYTES) {
            log.disk.leaveRoom(0);
            refusals += appendUntilFull(log, accepted, entryBytes) ? 1 : 0;
            assertThat(log.wal.stats().failed()).isFalse();
            log.disk.heal();
            // A checkpoint, so that the journal has room whatever the disk says.
            log.wal.sync();
            append(log, accepted, entryBytes);
        }
        assertThat(refusals).as("stretches that the disk had no room for").isGreaterThan(10);
        requireAll(log, accepted);
        log.killAndOpen();
        requireAll(log, accepted);
        log.wal.close();
        assertThat(log.disk.writtenIntoHoles()).isEmpty();
    }

    /** Says whether it was refused, rather than that the file came to its end. */
    private static boolean appendUntilFull(LogOnDisk log, List<String> accepted, int entryBytes) {
        for (int n = 0; n < FILE_BYTES / entryBytes; n++) {
            try {
                append(log, accepted, entryBytes);
            } catch (WalException full) {
                if (full.kind() != Kind.FULL) {
                    throw full;
                }
                assertThat(full.mayHaveHappened()).isFalse();
                assertThat(log.wal.endOffset(TOPIC)).isEqualTo(accepted.size());
                return true;
            }
        }
        return false;
    }

    private static void append(LogOnDisk log, List<String> accepted, int entryBytes) {
        String text = accepted.size() + "z".repeat(entryBytes);
        log.append(text);
        accepted.add(text);
    }

    private static void requireAll(LogOnDisk log, List<String> accepted) {
        assertThat(log.wal.recovery().damages()).isEmpty();
        assertThat(log.read(TOPIC)).isEqualTo(accepted);
    }
}
