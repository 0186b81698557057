package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.node.access.AccessRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in a file of settings is understood, or refused as an {@link
 * IllegalArgumentException} that says what was expected. Each file beside this class is tried, and
 * many that grow from them by small changes, the same in every run; {@code
 * -Dwalrus.fuzz.rounds=1000000} searches longer. What is found becomes a file.
 */
class SettingsFuzzTest {

    private static final int ROUNDS = Integer.getInteger("walrus.fuzz.rounds", 3_000);
    private static final String LETTERS = "{}[]:,\"\\ 0-9.eEtrufalsn*a\u0000\u00e9";

    private final Random random = new Random(Long.getLong("walrus.fuzz.seed", 1));

    @Test
    void anyOptionsAreUnderstoodOrRefused() throws Exception {
        feed("fuzz-options", text -> assertThat(NodeOptions.fromJson(text).toJson()).isNotEmpty());
    }

    @Test
    void anyTokensFileIsUnderstoodOrRefused() throws Exception {
        feed("fuzz-tokens", text -> assertThat(AccessRules.parse(text).wantsToken()).isTrue());
    }

    private void feed(String folder, Consumer<String> parser) throws Exception {
        var seeds = new ArrayList<String>();
        try (Stream<Path> files =
                Files.list(Path.of(getClass().getResource(folder).toURI())).sorted()) {
            for (Path file : files.toList()) {
                seeds.add(Files.readString(file));
            }
        }
        seeds.forEach(seed -> tryOne(parser, seed));
        for (int round = 0; round < ROUNDS; round++) {
            tryOne(parser, changed(seeds));
        }
    }

    private static void tryOne(Consumer<String> parser, String text) {
        try {
            parser.accept(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).as("what is said of: " + text).isNotBlank();
        } catch (RuntimeException | StackOverflowError failed) {
            throw new AssertionError("with " + text, failed);
        }
    }

    private String changed(List<String> seeds) {
        var text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
        for (int change = random.nextInt(4); change >= 0; change--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(6));
            switch (random.nextInt(3)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, text.substring(from, to));
                default -> text.insert(from, LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
        }
        return text.toString();
    }
}
