package io.walrus.protocol;

import static io.walrus.protocol.Wire.framed;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class RequestParserTest {

    private final RequestParser parser = new RequestParser(64);

    @Test
    void oneReadIsOneBatchInOrder() {
        assertThat(parser.parse(framed("GET a").appendBuffer(framed("GET b"))))
                .containsExactly(new Command.Get("a"), new Command.Get("b"));
    }

    @Test
    void readWithoutAWholeFrameIsAnEmptyBatch() {
        assertThat(parser.parse(framed("GET a").getBuffer(0, 6))).isEmpty();
        assertThat(parser.pendingBytes()).isEqualTo(6);
    }

    @Test
    void refusedCommandKeepsItsPlaceAndTheConnectionGoesOn() {
        assertThat(parser.parse(framed("NOPE").appendBuffer(framed("GET b"))))
                .satisfiesExactly(
                        refused -> {
                            Refusal refusal = (Refusal) refused;
                            assertThat(refusal.closesConnection()).isFalse();
                            assertThat(refusal.toReply().code()).isEqualTo(ErrorCode.NO_COMMAND);
                        },
                        next -> assertThat(next).isEqualTo(new Command.Get("b")));
    }

    @Test
    void refusedFrameIsTheLastOfItsBatchAndOfTheConnection() {
        assertThat(parser.parse(framed("GET a").appendBuffer(Buffer.buffer().appendIntLE(65))))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new Command.Get("a")),
                        last -> assertThat(((Refusal) last).closesConnection()).isTrue());
        assertThat(parser.parse(framed("GET b"))).isEmpty();
    }
}
