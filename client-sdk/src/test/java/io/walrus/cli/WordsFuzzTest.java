package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.walrus.fuzz.Corpus;
import io.walrus.fuzz.Fuzzed;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Whatever a person writes for a place, a time or a duration is understood or a usage error. See
 * {@link Corpus} for how to search longer.
 */
class WordsFuzzTest {

    private static final CommandLine COMMAND = new CommandLine(CommandSpec.create());

    @Test
    void anyWordIsUnderstoodOrAUsageError() {
        Corpus.of(getClass(), "fuzz-words").feed(WordsFuzzTest::isUnderstoodOrRefused);
    }

    @Fuzzed("fuzz-words")
    private static void isUnderstoodOrRefused(byte[] bytes) {
        String word = new String(bytes, StandardCharsets.UTF_8);
        onlyRefuses(() -> new DurationConverter().convert(word));
        onlyRefuses(() -> PlaceWord.parse(COMMAND, "--from", word));
        assertThat(TimeWord.parse(word, Clock.systemUTC())).isNotNull();
    }

    private static void onlyRefuses(ThrowingCallable reading) {
        Throwable thrown = catchThrowable(reading);
        if (thrown != null) {
            assertThat(thrown)
                    .isInstanceOfAny(
                            CommandLine.ParameterException.class,
                            CommandLine.TypeConversionException.class);
        }
    }
}
