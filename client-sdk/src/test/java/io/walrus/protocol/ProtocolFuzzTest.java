package io.walrus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.fuzz.Corpus;
import io.walrus.fuzz.Fuzzed;
import io.walrus.protocol.Wire.Collected;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes come, a parser reads them or refuses them in words. See {@link Corpus} for how to
 * search longer.
 */
class ProtocolFuzzTest {

    private static final int FRAME_BYTES_MAX = 512;

    @Test
    void anyBodyIsACommandOrARefusalInPrintableWords() {
        Corpus.of(getClass(), "fuzz-requests").feed(ProtocolFuzzTest::isACommandOrARefusal);
    }

    @Fuzzed("fuzz-requests")
    private static void isACommandOrARefusal(byte[] body) {
        if (body.length == 0) {
            return;
        }
        Buffer bytes = Buffer.buffer(body);
        Request request = new CommandParser().parse(bytes, 0, bytes.length());
        if (request instanceof CommandRefused refused) {
            assertThat(refused.message()).matches("[ -~]+");
        } else {
            Buffer again = Buffer.buffer();
            CommandWriter.append(again, (Command) request);
            assertThat(new RequestParser(FrameParser.FRAME_BYTES_MAX).parse(again))
                    .isEqualTo(List.of(request));
        }
    }

    /** The first byte picks the verb that was asked. */
    @Test
    void anyReplyIsReadOrMalformed() {
        Corpus.of(getClass(), "fuzz-replies").feed(ProtocolFuzzTest::isReadOrMalformed);
    }

    @Fuzzed("fuzz-replies")
    private static void isReadOrMalformed(byte[] verbAndBody) {
        if (verbAndBody.length < 2) {
            return;
        }
        Verb[] all = Verb.values();
        Verb verb = all[Byte.toUnsignedInt(verbAndBody[0]) % all.length];
        Buffer bytes = Buffer.buffer(verbAndBody);
        try {
            assertThat(ReplyParser.parse(verb, bytes, 1, bytes.length())).isNotNull();
        } catch (MalformedReplyException malformed) {
            assertThat(malformed).hasMessageContaining(verb.name());
        }
    }

    /** The first byte says after how many bytes each read ends. */
    @Test
    void aStreamGivesTheSameFramesHoweverItIsCut() {
        Corpus.of(getClass(), "fuzz-streams").feed(ProtocolFuzzTest::isCutAlike);
    }

    @Fuzzed("fuzz-streams")
    private static void isCutAlike(byte[] stepAndStream) {
        if (stepAndStream.length < 2) {
            return;
        }
        int step = Math.max(1, Byte.toUnsignedInt(stepAndStream[0]));
        Buffer stream = Buffer.buffer(stepAndStream).getBuffer(1, stepAndStream.length);
        Collected whole = new Collected();
        FrameParser.ofRequests(FRAME_BYTES_MAX).parse(stream, whole);
        Collected cut = new Collected();
        FrameParser inSteps = FrameParser.ofRequests(FRAME_BYTES_MAX);
        List<Buffer> reads = new ArrayList<>();
        for (int at = 0; at < stream.length(); at += step) {
            reads.add(stream.getBuffer(at, Math.min(stream.length(), at + step)));
        }
        for (Buffer read : reads) {
            inSteps.parse(read, cut);
            assertThat(inSteps.pendingBytes()).isLessThanOrEqualTo(FRAME_BYTES_MAX + 4);
        }

        assertThat(cut.bodies).isEqualTo(whole.bodies);
        assertThat(cut.refusals).isEqualTo(whole.refusals);
    }
}
