package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of many streams are forced several at a time, and every promise stays as it was. */
@Timeout(120)
final class ManyStreamsSyncTest {

    private static final int TOPICS = 40;
    private static final int SEEDS = 8;

    /** Three of them take two files. */
    private static final String PAYLOAD = "x".repeat(6_000);

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatWasSyncedIsThereAfterAPowerCut(Backend backend) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            appendToAll(log);
            log.wal.sync();
            log.cutPowerAndOpen(seed);
            assertAllThere(log);
            log.wal.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aForceThatFailsIsHeardAndTheNextOpeningMakesUpForIt(Backend backend) {
        for (int skip = 0; skip < 2 * TOPICS; skip += 7) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            appendToAll(log);
            log.disk.failOnce(DiskCall.FORCE, path -> path.toString().contains("/streams/"), skip);
            assertThat(LogOnDisk.refused(log.wal::sync).kind()).isEqualTo(Kind.FAILED);
            assertThat(log.refusalOf("later").kind()).isEqualTo(Kind.STOPPED);
            log.disk.heal();
            log.killAndOpen();
            log.wal.sync();
            log.cutPowerAndOpen(skip);
            assertThat(log.wal.recovery().damages()).as("force %d failed", skip).isEmpty();
            assertAllThere(log);
            log.wal.close();
        }
    }

    private static void assertAllThere(LogOnDisk log) {
        for (int topic = 0; topic < TOPICS; topic++) {
            assertThat(log.read("topic-" + topic)).hasSize(3);
        }
    }

    private static void appendToAll(LogOnDisk log) {
        for (int topic = 0; topic < TOPICS; topic++) {
            for (int n = 0; n < 3; n++) {
                log.wal.append("topic-" + topic, LogOnDisk.bytes(PAYLOAD));
            }
        }
    }
}
