package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.proof.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One life in which everything happens once, and dies in the middle of every single call to the
 * disk: between create and directory sync, between rename and directory sync, in every write and
 * every force; and then again while it recovers from that.
 */
final class CrashPointsProofTest {

    private static final int CALLS_MAX = 2_000;

    static Stream<Arguments> logs() {
        return Stream.of(
                        FsyncPolicy.each(),
                        FsyncPolicy.none(),
                        FsyncPolicy.every(Duration.ofHours(1)),
                        FsyncPolicy.window(Duration.ofHours(1)))
                .flatMap(
                        policy ->
                                Stream.of(Backend.values())
                                        .map(backend -> Arguments.of(policy, backend)));
    }

    @ParameterizedTest
    @MethodSource("logs")
    void aPowerCutInTheMiddleOfAnyCallBreaksNoPromise(FsyncPolicy policy, Backend backend) {
        int calls = 0;
        boolean cut = true;
        for (; cut; calls++) {
            assertThat(calls).isLessThan(CALLS_MAX);
            for (int seed = 0; seed < 3; seed++) {
                cut = life(policy, backend, calls, seed, true, List.of());
            }
        }
        assertThat(calls).isGreaterThan(40);
    }

    @ParameterizedTest
    @MethodSource("logs")
    void aProcessThatDiesInTheMiddleOfAnyCallBreaksNoPromise(FsyncPolicy policy, Backend backend) {
        int calls = 0;
        while (life(policy, backend, calls, calls, false, List.of())) {
            assertThat(calls++).isLessThan(CALLS_MAX);
        }
        assertThat(calls).isGreaterThan(40);
    }

    @ParameterizedTest
    @MethodSource("logs")
    void recoveryThatIsCutShortTwiceIsAsGoodAsOne(FsyncPolicy policy, Backend backend) {
        for (int calls = 10; calls < 100; calls += 7) {
            for (int opening = 0; opening < 60; opening += 3) {
                life(policy, backend, calls, opening, true, List.of(opening, opening / 2));
                life(policy, backend, calls, opening, false, List.of(opening, opening + 5));
            }
        }
    }

    private static boolean life(
            FsyncPolicy policy,
            Backend backend,
            int calls,
            int seed,
            boolean machineToo,
            List<Integer> openingCalls) {
        try {
            return new Simulation.Script(policy, backend, seed, Wal::open)
                    .cutAfter(calls, machineToo, openingCalls);
        } catch (AssertionError broken) {
            throw new AssertionError(
                    "crash in call %d, openings %s, seed %d, %s: %s"
                            .formatted(
                                    calls,
                                    openingCalls,
                                    seed,
                                    machineToo ? "power cut" : "process crash",
                                    broken.getMessage()),
                    broken);
        }
    }
}
