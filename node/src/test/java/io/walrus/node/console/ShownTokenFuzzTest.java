package io.walrus.node.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.fuzz.Corpus;
import io.walrus.fuzz.Fuzzed;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Whatever stands in an Authorization header, a token is found in it or none. */
class ShownTokenFuzzTest {

    @Test
    void anyHeaderShowsATokenOrNone() {
        Corpus.of(getClass(), "fuzz-authorization").feed(ShownTokenFuzzTest::showsATokenOrNone);
    }

    @Fuzzed("fuzz-authorization")
    private static void showsATokenOrNone(byte[] header) {
        assertThat(ShownToken.in(new String(header, StandardCharsets.ISO_8859_1))).isNotNull();
    }

    /** What no mutation may break: a token comes through both schemes as it is. */
    @Test
    void anyTokenOfPrintableSignsComesThroughBothSchemes() {
        Corpus.of(getClass(), "fuzz-authorization").feed(ShownTokenFuzzTest::comesThrough);
    }

    @Fuzzed("fuzz-authorization")
    private static void comesThrough(byte[] bytes) {
        String token = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^!-9;-~]", "");
        String pair = "any:" + token;
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        assertThat(ShownToken.in("Bearer " + token)).isEqualTo(token);
        assertThat(ShownToken.in("basic " + basic)).isEqualTo(token);
    }
}
