package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.proof.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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
    private static final int CALLS_AT_ONCE = 16;

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
        requireAllSurvived(
                calls ->
                        IntStream.range(0, 3)
                                        .filter(
                                                seed ->
                                                        life(
                                                                policy, backend, calls, seed, true,
                                                                List.of()))
                                        .count()
                                > 0);
    }

    @ParameterizedTest
    @MethodSource("logs")
    void aProcessThatDiesInTheMiddleOfAnyCallBreaksNoPromise(FsyncPolicy policy, Backend backend) {
        requireAllSurvived(calls -> life(policy, backend, calls, calls, false, List.of()));
    }

    /** Of each number of calls, on every core, up to one that is more than a life has. */
    private static void requireAllSurvived(IntPredicate isCutIn) {
        int calls = 0;
        boolean cut = true;
        for (; cut; calls += CALLS_AT_ONCE) {
            assertThat(calls).isLessThan(CALLS_MAX);
            cut =
                    IntStream.range(calls, calls + CALLS_AT_ONCE).parallel().filter(isCutIn).count()
                            == CALLS_AT_ONCE;
        }
        assertThat(calls).isGreaterThan(40);
    }

    @ParameterizedTest
    @MethodSource("logs")
    void recoveryThatIsCutShortTwiceIsAsGoodAsOne(FsyncPolicy policy, Backend backend) {
        IntStream.range(0, 13 * 20)
                .parallel()
                .forEach(
                        n -> {
                            int calls = 10 + n / 20 * 7;
                            int opening = n % 20 * 3;
                            List<Integer> sooner = List.of(opening, opening / 2);
                            List<Integer> later = List.of(opening, opening + 5);
                            life(policy, backend, calls, opening, true, sooner);
                            life(policy, backend, calls, opening, false, later);
                        });
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
