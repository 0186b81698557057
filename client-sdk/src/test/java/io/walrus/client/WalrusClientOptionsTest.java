package io.walrus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalrusClientOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "host,host,8080",
        "host:1,host,1",
        "10.0.0.1:65535,10.0.0.1,65535",
        "[::1]:9000,::1,9000",
        "[::1],::1,8080",
        "::1,::1,8080"
    })
    void addressIsHostAndMaybePort(String text, String host, int port) {
        assertThat(ServerAddress.parse(text))
                .isEqualTo(SocketAddress.inetSocketAddress(port, host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":8080",
                "host:",
                "host:0",
                "host:65536",
                "host:http",
                "a b",
                "host:-1",
                "[::1"
            })
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> new WalrusClientOptions().setAddresses(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("127.0.0.1:8080")
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void severalAddressesAreSplitByCommas() {
        assertThat(new WalrusClientOptions().setAddresses("a, b:2 ,c").getAddresses())
                .containsExactly("a", "b:2", "c");
    }

    @Test
    void copyIsNotTouchedByLaterChanges() {
        WalrusClientOptions first = new WalrusClientOptions().setToken("1").setInFlightMax(7);
        WalrusClientOptions copy = new WalrusClientOptions(first);
        first.setToken("2").setInFlightMax(8);

        assertThat(copy.getToken()).isEqualTo("1");
        assertThat(copy.getInFlightMax()).isEqualTo(7);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        WalrusClientOptions options = new WalrusClientOptions();

        assertThatThrownBy(() -> options.setRequestTimeoutMillis(0))
                .hasMessageContaining("requestTimeoutMillis");
        assertThatThrownBy(() -> options.setConnectRoundsMax(-1))
                .hasMessageContaining("connectRoundsMax");
        assertThatThrownBy(() -> options.setPendingBytesMax(0))
                .hasMessageContaining("pendingBytesMax");
        assertThatThrownBy(() -> options.setFrameBytesMax(65 << 20))
                .hasMessageContaining("frameBytesMax");
    }

    @Test
    void optionsGoThroughJsonUnchanged() {
        WalrusClientOptions options = new WalrusClientOptions();
        JsonObject changed = new JsonObject();
        for (String name : options.toJson().fieldNames()) {
            Object value = options.toJson().getValue(name);
            if (value instanceof Number number) {
                changed.put(name, number.intValue() + 1);
            } else if (value instanceof Boolean flag) {
                changed.put(name, !flag);
            } else {
                changed.put(
                        name,
                        value instanceof String ? "s3cret" : new JsonArray().add("a:1").add("b"));
            }
        }

        changed.put("frameBytesMax", 2_000);
        changed.put(
                "netClientOptions",
                new NetClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions().addCertPath("ca.crt"))
                        .toJson());

        assertThat(new WalrusClientOptions(changed).toJson()).isEqualTo(changed);
        assertThat(new WalrusClientOptions(new WalrusClientOptions(changed)).toJson())
                .isEqualTo(changed);
        assertThat(new WalrusClientOptions(new JsonObject()).toJson()).isEqualTo(options.toJson());
    }

    @Test
    void unknownOrMistypedJsonOptionIsRefusedByName() {
        assertThatThrownBy(() -> new WalrusClientOptions(new JsonObject().put("adresses", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("adresses");
        assertThatThrownBy(
                        () -> new WalrusClientOptions(new JsonObject().put("inFlightMax", "many")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inFlightMax");
    }

    @Test
    void pauseGrowsWithFailuresAndStaysInItsBounds() {
        ReconnectPause pause =
                new ReconnectPause(50, 2_000, RandomGenerator.of("L64X128MixRandom"));
        for (int failed = 0; failed < 100; failed++) {
            long ceiling = Math.min(2_000, 50L << Math.min(failed, 20));
            assertThat(pause.millis(failed)).isBetween(50L, ceiling);
        }
    }

    @Test
    void gateLetsOneLargeRequestPassWhenNothingElseWaits() {
        AdmissionGate gate = new AdmissionGate(10, 100);

        assertThat(gate.tryEnter(1_000)).isTrue();
        assertThat(gate.tryEnter(1)).isFalse();
        gate.leave(1_000);
        assertThat(gate.tryEnter(60)).isTrue();
        assertThat(gate.tryEnter(60)).isFalse();
        assertThat(gate.tryEnter(40)).isTrue();
    }
}
