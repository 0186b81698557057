package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenDoorTest {

    private static NodeOptions open(Consumer<NodeOptions.Draft> change) {
        return NodeOptions.DEFAULTS.with(
                draft -> {
                    draft.clientHost = "0.0.0.0";
                    change.accept(draft);
                });
    }

    private static void withTls(NodeOptions.Draft draft) {
        draft.tlsCert = "node.crt";
        draft.tlsKey = "node.key";
    }

    private static void withTokens(NodeOptions.Draft draft) {
        draft.tokensFile = "tokens.json";
        draft.clusterSecret = "a secret of some length";
    }

    @Test
    void aPortThatAnybodyMayUseIsToldWithBothWaysToCloseIt() {
        assertThat(OpenDoor.warning(open(draft -> {})))
                .hasValueSatisfying(
                        line ->
                                assertThat(line)
                                        .contains("0.0.0.0", "read, write and delete")
                                        .contains("--tokens", "--tls-cert"));
    }

    @Test
    void tlsAloneAsksNobodyWhoItIs() {
        assertThat(OpenDoor.warning(open(OpenDoorTest::withTls)))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("--tokens").doesNotContain("--tls"));
    }

    @Test
    void tokensAloneCanBeReadOnTheWay() {
        assertThat(OpenDoor.warning(open(OpenDoorTest::withTokens)))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("--tls-cert").doesNotContain("--tokens"));
    }

    @Test
    void nothingIsSaidAboutADoorThatIsGuardedOrNotThere() {
        assertThat(
                        OpenDoor.warning(
                                open(
                                        draft -> {
                                            withTls(draft);
                                            withTokens(draft);
                                        })))
                .isEmpty();
        assertThat(OpenDoor.warning(open(draft -> draft.clientPort = NodeOptions.NO_PORT)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void onThisMachineNothingIsSaid(String host) {
        assertThat(OpenDoor.warning(open(draft -> draft.clientHost = host))).isEmpty();
    }
}
