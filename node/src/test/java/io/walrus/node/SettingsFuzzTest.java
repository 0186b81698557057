package io.walrus.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.fuzz.Corpus;
import io.walrus.fuzz.Fuzzed;
import io.walrus.node.access.AccessRules;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in a file of settings is understood, or refused as an {@link
 * IllegalArgumentException} that says what was expected. See {@link Corpus} for how to search
 * longer.
 */
class SettingsFuzzTest {

    @Test
    void anyOptionsAreUnderstoodOrRefused() {
        Corpus.of(getClass(), "fuzz-options").feed(SettingsFuzzTest::areOptionsOrRefused);
    }

    @Fuzzed("fuzz-options")
    private static void areOptionsOrRefused(byte[] text) {
        isUnderstoodOrRefused(
                text, json -> assertThat(NodeOptions.fromJson(json).toJson()).isNotEmpty());
    }

    @Test
    void anyTokensFileIsUnderstoodOrRefused() {
        Corpus.of(getClass(), "fuzz-tokens").feed(SettingsFuzzTest::areTokensOrRefused);
    }

    @Fuzzed("fuzz-tokens")
    private static void areTokensOrRefused(byte[] text) {
        isUnderstoodOrRefused(
                text, json -> assertThat(AccessRules.parse(json).wantsToken()).isTrue());
    }

    private static void isUnderstoodOrRefused(byte[] text, Consumer<String> parser) {
        try {
            parser.accept(new String(text, UTF_8));
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
