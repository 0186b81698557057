package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that recovery gave up never comes back, whatever the next power cut takes. */
final class DroppedFilesTest {

    private static final int SEEDS = 600;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void stayAwayAfterTheNextPowerCut(Backend backend) {
        int dropped = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.append("first");
            log.wal.sync();
            log.append("old one ".repeat(1_500));
            log.append("old two ".repeat(1_500)); // in a file of its own
            log.cutPowerAndOpen(seed);
            if (kinds(log).size() == 1 && !log.wal.recovery().cuts().isEmpty()) {
                dropped++;
                log.append("new one");
                log.cutPowerAndOpen(7L * seed);
                assertThat(List.of("first", "new o"))
                        .as("seed %d", seed)
                        .startsWith(kinds(log).toArray(String[]::new));
                assertThat(log.wal.recovery().damages()).as("seed %d", seed).isEmpty();
            }
            log.wal.close();
        }
        assertThat(dropped).as("lives in which a file was dropped").isGreaterThan(SEEDS / 10);
    }

    private static List<String> kinds(LogOnDisk log) {
        return log.read(TOPIC).stream().map(text -> text.substring(0, 5)).toList();
    }
}
