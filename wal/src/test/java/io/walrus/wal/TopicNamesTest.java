package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "orders.eu-west_1", "...", "-", "A0", ".hidden"})
    void plainNamesAreTaken(String name) {
        assertThat(TopicNames.check(name, 128)).isEqualTo(name);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "", ".", "..", "../x", "a/b", "a b", "\u0000", "naïve", "a\n", "\u0660", "😀"
            })
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> TopicNames.check(name, 128))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> {
                            assertThat(refused.kind()).isEqualTo(WalException.Kind.ILLEGAL_NAME);
                            assertThat(refused.mayHaveHappened()).isFalse();
                        });
    }

    @Test
    void aNameMayBeAsLongAsTheLimitAndNotLonger() {
        assertThat(TopicNames.check("x".repeat(128), 128)).hasSize(128);
        assertThatThrownBy(() -> TopicNames.check("x".repeat(129), 128))
                .hasMessageContaining("of 129 characters");
    }

    @Test
    void aRefusalShowsTheNameEscapedAndShort() {
        assertThatThrownBy(() -> TopicNames.check("\u001b[2J\n" + "x".repeat(10_000), 128))
                .hasMessageContaining("\\u001b[2J\\u000ax")
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(250))
                .satisfies(refused -> assertThat(refused.getMessage()).isPrintable());
    }
}
