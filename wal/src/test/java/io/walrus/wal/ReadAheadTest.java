package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Entries that are taken one by one through a channel. */
final class ReadAheadTest {

    private static final int ENTRIES = 200;

    @Test
    void entriesTakenOneByOneShareTheReadsOfTheDisk() {
        var log = new LogOnDisk(FsyncPolicy.none(), Backend.FILE_CHANNEL);
        log.appendTexts(0, ENTRIES);
        long before = log.disk.calls();
        for (int n = 0; n < ENTRIES; n++) {
            assertThat(text(log, n)).isEqualTo(LogOnDisk.text(n));
        }
        assertThat(log.disk.calls() - before).isLessThan(ENTRIES / 4);
        log.wal.close();
    }

    @Test
    void aReaderAtTheEndSeesEachEntryAsSoonAsItIsThere() {
        var log = new LogOnDisk(FsyncPolicy.none(), Backend.FILE_CHANNEL);
        for (int n = 0; n < ENTRIES; n++) {
            log.append(LogOnDisk.text(n));
            assertThat(text(log, n)).isEqualTo(LogOnDisk.text(n));
        }
        log.wal.close();
    }

    @Test
    void afterAPowerCutNothingIsReadThatWasReadBefore() {
        for (int seed = 0; seed < 24; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), Backend.FILE_CHANNEL);
            log.append("first");
            log.wal.sync();
            log.append("lost? ".repeat(500));
            assertThat(log.read(TOPIC)).hasSize(2);
            log.cutPowerAndOpen(seed);
            int kept = log.read(TOPIC).size();
            log.append("new");
            assertThat(log.read(TOPIC)).hasSize(kept + 1).endsWith("new");
            log.wal.close();
        }
    }

    private static String text(LogOnDisk log, int offset) {
        byte[] bytes = log.wal.readAt(TOPIC, offset, 1).get(0).bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
