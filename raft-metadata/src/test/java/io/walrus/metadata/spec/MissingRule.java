package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A rule taken out, and the promise that has to break without it.
 *
 * @param many what the history is about
 * @param size how many of them it takes; the fewer, the sooner TLC finds it
 */
record MissingRule(String rule, String promise, String many, int size) {

    /** A history of so many entries. */
    MissingRule(String rule, String promise, int entries) {
        this(rule, promise, "MaxEntries", entries);
    }

    /** Takes the rule out of the model and demands that TLC breaks exactly this promise. */
    void mustBreak(Model complete, Path scratch) throws Exception {
        Verdict verdict =
                new Tlc(scratch)
                        .check(complete.without(rule).with(many, size).askedOnlyFor(promise));

        assertThat(verdict).as(verdict.output()).isInstanceOf(Verdict.Broken.class);
        Optional<String> broken = ((Verdict.Broken) verdict).promise();
        // Of progress TLC does not say which property it was; there was only one to break.
        assertThat(broken.orElse(promise)).isEqualTo(promise);
    }

    void isInReadme() {
        assertThat(readme().lines())
                .as("a table row of the README with `%s` and %s", rule, promise)
                .anyMatch(line -> line.contains("`" + rule + "`") && line.contains(promise));
    }

    private static String readme() {
        try {
            return Files.readString(Model.directory().resolve("README.md"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return "without " + rule + " TLC breaks " + promise;
    }
}
