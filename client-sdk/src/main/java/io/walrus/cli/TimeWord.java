package io.walrus.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as a person writes it: so long ago ({@code -90s}, {@code -10m}, {@code -2h}, {@code -3d}),
 * or in ISO form, where zone or time of day may be left out ({@code 2026-03-01T12:30:00Z}, {@code
 * 2026-03-01T12:30}, {@code 2026-03-01}).
 */
final class TimeWord {

    private static final Pattern AGO = Pattern.compile("-([0-9]{1,9})(s|m|h|d)");

    private TimeWord() {}

    /** What the text says; empty if it is no time. A time without zone is one of the clock's. */
    static Optional<Instant> parse(String text, Clock clock) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            Duration age = age(Long.parseLong(ago.group(1)), ago.group(2));
            return Optional.of(clock.instant().minus(age));
        }
        List<Function<String, Instant>> forms =
                List.of(
                        iso -> OffsetDateTime.parse(iso).toInstant(),
                        iso -> LocalDateTime.parse(iso).atZone(clock.getZone()).toInstant(),
                        iso -> LocalDate.parse(iso).atStartOfDay(clock.getZone()).toInstant());
        return forms.stream().flatMap(form -> parsed(form, text).stream()).findFirst();
    }

    private static Optional<Instant> parsed(Function<String, Instant> form, String text) {
        try {
            return Optional.of(form.apply(text));
        } catch (DateTimeException ofAnotherForm) {
            return Optional.empty();
        }
    }

    private static Duration age(long number, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
