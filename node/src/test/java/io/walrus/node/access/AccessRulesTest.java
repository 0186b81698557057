package io.walrus.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {

    private static final NewToken SHOP =
            NewToken.of("shop", List.of("orders", "stock.*"), List.of("orders"), List.of("temp-*"));
    private static final NewToken ROOT = NewToken.of("root", List.of(), List.of(), List.of("*"));
    private static final AccessRules RULES =
            AccessRules.parse("{\"tokens\": [" + SHOP.entry() + "," + ROOT.entry() + "]}");

    private static ErrorCode refusal(String token, Command command) {
        var gate = new AccessGate(() -> RULES);
        if (!token.isEmpty()) {
            assertThat(gate.introduce(token)).isTrue();
        }
        return gate.refusal(command).map(reply -> ((Reply.Err) reply).code()).orElse(null);
    }

    @Test
    void eachRightIsForItsTopics() {
        assertThat(refusal(SHOP.token(), new Command.Get("orders"))).isNull();
        assertThat(refusal(SHOP.token(), new Command.Get("stock.eggs"))).isNull();
        assertThat(refusal(SHOP.token(), new Command.Get("stock"))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal(SHOP.token(), new Command.Put("orders", Buffer.buffer()))).isNull();
        assertThat(refusal(SHOP.token(), new Command.Put("stock.eggs", Buffer.buffer())))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal(SHOP.token(), new Command.Register("temp-1"))).isNull();
        assertThat(refusal(SHOP.token(), new Command.Delete("orders")))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal(SHOP.token(), new Command.State("temp-1"))).isNull();
        assertThat(refusal(SHOP.token(), new Command.State("secret")))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void onlyAdminOfAllTopicsMovesNodes() {
        assertThat(refusal(SHOP.token(), new Command.Drain())).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal(ROOT.token(), new Command.Drain())).isNull();
        assertThat(refusal(ROOT.token(), new Command.Get("orders"))).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void withoutATokenOnlyHelloIsAnswered() {
        assertThat(refusal("", new Command.Hello())).isNull();
        assertThat(refusal("", new Command.Metrics())).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(refusal("", new Command.Get("orders"))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(new AccessGate(() -> RULES).introduce("wt-guess")).isFalse();
    }

    @Test
    void aTokenThatIsTakenOutOfTheFileEndsThere() {
        var rules = new AccessRules[] {RULES};
        var gate = new AccessGate(() -> rules[0]);
        assertThat(gate.introduce(SHOP.token())).isTrue();
        assertThat(gate.refusal(new Command.Get("orders"))).isEmpty();
        rules[0] = AccessRules.parse("{\"tokens\": []}");
        assertThat(gate.refusal(new Command.Get("orders"))).isPresent();
    }

    @Test
    void aConnectionSeesTheTopicsThatItHasARightOn() {
        var gate = new AccessGate(() -> RULES);
        assertThat(gate.visible().test("orders")).isFalse();
        gate.introduce(SHOP.token());
        assertThat(gate.visible().test("orders")).isTrue();
        assertThat(gate.visible().test("secret")).isFalse();
    }

    @Test
    void refusalsNameTheTokenAndNeverShowIt() {
        var gate = new AccessGate(() -> RULES);
        gate.introduce(SHOP.token());
        String message =
                ((Reply.Err) gate.refusal(new Command.Delete("orders")).orElseThrow()).message();
        assertThat(message).contains("'shop' may not do DELETE on topic orders");
        assertThat(message).doesNotContain(SHOP.token());
        assertThat(SHOP.entry()).doesNotContain(SHOP.token());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {                                        | expected JSON
                    []                                       | an array 'tokens'
                    {"tokens": 3}                            | an array 'tokens'
                    {"tokens": [{}]}                         | a name for each token
                    {"tokens": [{"name": "a"}]}              | 64 hexadecimal digits
                    {"tokens": [{"name": "a", "raed": []}]}  | found [raed]
                    {"tokens": [{"name": "a", "read": "x"}]} | an array of topics for 'read' of a
                    {"tokens": [{"name": "a", "read": ["x y"]}]} | found 'x y'
                    """)
    void whatIsNoTokensFileIsRefusedWithTheReason(String json, String reason) {
        assertThatThrownBy(() -> AccessRules.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
