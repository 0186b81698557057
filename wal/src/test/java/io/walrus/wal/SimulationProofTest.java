package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.proof.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand lives of a log on every core, and as many more as you ask for. {@code
 * -Dwalrus.seeds=N} runs so many from {@code -Dwalrus.seed.from=S} on, {@code -Dwalrus.seed=S} one
 * and no other, {@code -Dwalrus.soak.minutes=M} (the profile {@code soak}) goes on for that long,
 * each time in another part of the world.
 */
final class SimulationProofTest {

    private static final long SEEDS_DEFAULT = 10_000;

    @Test
    void everyPromiseHoldsOnEveryDisk() throws InterruptedException {
        Long only = Long.getLong("walrus.seed");
        Long minutes = Long.getLong("walrus.soak.minutes");
        if (only != null) {
            live(only, only + 1, () -> true);
        } else if (minutes != null && Long.getLong("walrus.seeds") == null) {
            long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
            live(firstOfASoak(), Long.MAX_VALUE, () -> System.nanoTime() - end < 0);
        } else {
            long from = Long.getLong("walrus.seed.from", 1L);
            live(from, from + Long.getLong("walrus.seeds", SEEDS_DEFAULT), () -> true);
        }
    }

    private static long firstOfASoak() {
        return Long.getLong("walrus.seed.from", System.currentTimeMillis());
    }

    /** All seeds from one up to another, on every core; the first that fails ends it. */
    private static void live(long from, long to, BooleanSupplier goesOn)
            throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService lives = Executors.newFixedThreadPool(threads);
        var next = new AtomicLong(from);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(lives.submit(() -> liveOn(next, to, goesOn)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException broken) {
            throw new AssertionError(broken.getCause().getMessage(), broken.getCause());
        } finally {
            lives.shutdownNow();
        }
        assertThat(next.get()).isGreaterThan(from);
    }

    private static void liveOn(AtomicLong next, long to, BooleanSupplier goesOn) {
        for (long seed = next.getAndIncrement();
                seed < to && goesOn.getAsBoolean();
                seed = next.getAndIncrement()) {
            try {
                live(seed);
            } catch (AssertionError broken) {
                next.set(to);
                throw broken;
            }
        }
    }

    private static void live(long seed) {
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
