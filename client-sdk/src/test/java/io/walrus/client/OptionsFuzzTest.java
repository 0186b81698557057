package io.walrus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.walrus.fuzz.Corpus;
import io.walrus.fuzz.Fuzzed;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a configuration, the client understands it or says what is wrong. */
class OptionsFuzzTest {

    @Test
    void anyOptionsAreUnderstoodOrRefused() {
        Corpus.of(getClass(), "fuzz-options").feed(OptionsFuzzTest::isUnderstoodOrRefused);
    }

    @Fuzzed("fuzz-options")
    private static void isUnderstoodOrRefused(byte[] text) {
        JsonObject json;
        try {
            json = new JsonObject(new String(text, StandardCharsets.UTF_8));
        } catch (DecodeException noJson) {
            return;
        }
        try {
            WalrusClientOptions options = new WalrusClientOptions(json);
            assertThat(new WalrusClientOptions(options.toJson()).toJson())
                    .isEqualTo(options.toJson());
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"token\": null}",
                "{\"inFlightMax\": null}",
                "{\"storedOnce\": null}",
                "{\"addresses\": [null]}",
                "{\"requestTimeoutMillis\": 99999999999}",
                "{\"pendingBytesMax\": 1e300}",
                "{\"inFlightMax\": 1.5}",
                "{\"netClientOptions\": {\"idleTimeout\": -1}}"
            })
    void aValueThatIsNoneIsRefusedByTheNameOfItsOption(String json) {
        JsonObject options = new JsonObject(json);
        assertThatThrownBy(() -> new WalrusClientOptions(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(options.fieldNames().iterator().next());
    }
}
