package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLI = 1_000_000;

    private long now;
    private final List<Long> parkedMillis = new ArrayList<>();
    private final Pace pace =
            new Pace(
                    100,
                    () -> now,
                    nanos -> {
                        parkedMillis.add(nanos / MILLI);
                        now += nanos;
                    });

    @Test
    void theFirstGoesAtOnceAndTheOthersEvenly() {
        pace.await(1);
        pace.await(1);
        pace.await(5);
        pace.await(1);

        assertThat(parkedMillis).containsExactly(10L, 10L, 50L);
    }

    @Test
    void whatWasMissedIsMadeUpForByOneSecondAtMost() {
        pace.await(1);
        now += 60_000 * MILLI;
        for (int i = 0; i < 101; i++) {
            pace.await(1);
        }
        assertThat(parkedMillis).isEmpty();

        pace.await(1);

        assertThat(parkedMillis).containsExactly(10L);
    }

    @Test
    void parkingThatReturnsEarlyIsRepeated() {
        Pace jumpy = new Pace(1, () -> now, nanos -> now += 400 * MILLI);
        jumpy.await(1);
        jumpy.await(1);

        assertThat(now).isEqualTo(1_200 * MILLI);
    }

    @Test
    void withoutALimitNobodyWaits() {
        Pace.UNLIMITED.await(1_000);
    }
}
