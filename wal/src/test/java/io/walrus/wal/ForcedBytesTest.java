package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a sync writes of a file that was filled with zeros ahead. */
final class ForcedBytesTest {

    private static final int SEEDS = 24;

    @Test
    void aSyncLeavesTheZerosBehindTheLastFrameToTheSystem() {
        int[] sizes = new int[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), Backend.MAPPED);
            log.append("first");
            log.wal.sync();
            log.cutPowerAndOpen(seed);
            sizes[seed] = log.disk.files().get(log.lastFile()).length;
            assertThat(log.read(TOPIC)).containsExactly("first");
            log.wal.close();
        }
        assertThat(Arrays.stream(sizes).min().orElseThrow()).isLessThan(1 << 10);
    }

    @Test
    void aFileThatAPowerCutLeftShortIsFollowedByAnother() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), Backend.MAPPED);
            log.appendTexts(0, 5);
            log.wal.sync();
            log.cutPowerAndOpen(seed);
            log.appendTexts(5, 50);
            log.wal.sync();
            log.cutPowerAndOpen(seed + 1);
            assertThat(log.read(TOPIC)).hasSize(50).endsWith(LogOnDisk.text(49));
            log.wal.close();
        }
    }
}
