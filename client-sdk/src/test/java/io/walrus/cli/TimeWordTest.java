package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeWordTest {

    private final Clock clock =
            Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "-0s, 2026-03-01T12:00:00Z",
        "-90s, 2026-03-01T11:58:30Z",
        "-10m, 2026-03-01T11:50:00Z",
        "-2h, 2026-03-01T10:00:00Z",
        "-1d, 2026-02-28T12:00:00Z",
        "2026-02-03T04:05:06.5Z, 2026-02-03T04:05:06.5Z",
        "2026-02-03T04:05+02:00, 2026-02-03T02:05:00Z",
        "2026-02-03T04:05, 2026-02-03T03:05:00Z",
        "2026-02-03, 2026-02-02T23:00:00Z"
    })
    void readsWhatAPersonWrites(String text, String time) {
        assertThat(TimeWord.parse(text, clock)).contains(Instant.parse(time));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "10m", "-m", "-10", "-10w", "--10m", "2026", "2026-02-30", "12:30"})
    void whatIsNoTimeIsNone(String text) {
        assertThat(TimeWord.parse(text, clock)).isEmpty();
    }
}
