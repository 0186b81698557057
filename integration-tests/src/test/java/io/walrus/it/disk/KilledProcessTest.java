package io.walrus.it.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.Wal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} in the middle of appends; {@code -Dwalrus.kills=N} for more than a few. */
final class KilledProcessTest {

    private static final int KILLS = Integer.getInteger("walrus.kills", 5);
    private static final int TOPICS = 3;

    @ParameterizedTest
    @CsvSource({"each,MAPPED", "each,FILE_CHANNEL", "every,MAPPED", "none,MAPPED", "window,MAPPED"})
    void aKilledProcessLosesNothingThatItAcknowledged(
            String policy, String backend, @TempDir Path dir) throws Exception {
        var told = new Told(TOPICS);
        var random = new Random(policy.hashCode());
        for (int kill = 0; kill < KILLS; kill++) {
            long more = told.acks() + 1 + random.nextInt(2_000);
            try (var child = new ChildJvm(dir, policy, backend, TOPICS, told)) {
                child.awaitOpened();
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> more <= told.acks());
            }
            try (Wal wal = Wal.open(WritingChild.options(dir, policy, backend))) {
                LogCheck.requireEverythingAcked(wal, told);
            }
        }
        assertThat(told.refusals()).isEmpty();
        assertThat(told.acks()).isGreaterThan(KILLS);
    }
}
