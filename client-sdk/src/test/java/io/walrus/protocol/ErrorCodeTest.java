package io.walrus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void nothingThatMayHaveHappenedInvitesARetry(ErrorCode code) {
        assertThat(code.mayRetry() && code.mayHaveHappened()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void nameOnTheWireIsReadBack(ErrorCode code) {
        assertThat(ErrorCode.ofWireName(code.name())).isEqualTo(code);
        assertThat(code.name()).matches("[A-Z_]+");
    }

    @Test
    void unknownMeansAnUnknownOutcomeAndNothingElseBeginsLikeIt() {
        assertThat(ErrorCode.UNKNOWN.mayHaveHappened()).isTrue();
        assertThat(ErrorCode.values())
                .filteredOn(code -> code.name().startsWith("UNKNOWN"))
                .containsExactly(ErrorCode.UNKNOWN);
    }
}
