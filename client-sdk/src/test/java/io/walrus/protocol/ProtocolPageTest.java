package io.walrus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page that describes the wire says what the code does. */
class ProtocolPageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("walrus.root", ".."), "node", "docs", "protocol.md");

    @ParameterizedTest
    @EnumSource(Verb.class)
    void everyVerbIsOnThePage(Verb verb) throws IOException {
        assertThat(page()).contains("| `" + verb.usage() + "` |");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorCodeIsOnThePageWithItsTwoAnswers(ErrorCode code) throws IOException {
        if (code == ErrorCode.UNRECOGNISED) {
            assertThat(page()).doesNotContain(code.name());
            return;
        }
        String happened = code.mayHaveHappened() ? "**yes**" : "no";
        assertThat(page())
                .containsPattern(
                        "\\| `"
                                + code
                                + "` \\|[^|]+\\| "
                                + (code.mayRetry() ? "yes" : "no")
                                + " \\| "
                                + happened.replace("*", "\\*")
                                + " \\|");
    }

    @Test
    void limitsOnThePageAreThoseOfTheCode() throws IOException {
        assertThat(FrameParser.FRAME_BYTES_MAX).isEqualTo(1 << 20);
        assertThat(FrameParser.FRAME_BYTES_MAX_CEILING).isEqualTo(64 << 20);
        assertThat(FrameParser.REPLY_HEAD_BYTES_MAX).isEqualTo(64 << 10);
        assertThat(Command.BATCH_ENTRIES_MAX).isEqualTo(2_000);
        assertThat(page())
                .contains("1 MiB by default, up to 64 MiB")
                .contains("64 KiB longer")
                .contains("1 to 2,000");
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }
}
