package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.proof.Simulation;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of lives of a log, and as many more as you ask for. {@code -Dwalrus.seeds=N} runs so
 * many, {@code -Dwalrus.seed=S} runs one and no other.
 */
final class SimulationProofTest {

    private static final int SEEDS_DEFAULT = 200;

    @Test
    void everyPromiseHoldsOnEveryDisk() {
        Long only = Long.getLong("walrus.seed");
        long from = only == null ? Long.getLong("walrus.seed.from", 1L) : only;
        long count = only == null ? Long.getLong("walrus.seeds", SEEDS_DEFAULT) : 1;
        for (long seed = from; seed < from + count; seed++) {
            run(seed);
        }
        assertThat(count).isPositive();
    }

    private static void run(long seed) {
        try {
            new Simulation(seed, Wal::open).run();
        } catch (AssertionError broken) {
            throw new AssertionError(
                    "replay with: mvn -q verify -pl wal -Dtest=SimulationProofTest -Dwalrus.seed="
                            + seed
                            + "\n"
                            + broken.getMessage(),
                    broken);
        }
    }
}
