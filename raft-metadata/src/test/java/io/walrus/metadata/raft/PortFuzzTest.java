package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.fuzz.Corpus;
import io.walrus.fuzz.Fuzzed;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.codec.MetadataCodec;
import io.walrus.metadata.codec.MetadataFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes come at the metadata port, they are frames or refused in words. See {@link Corpus}
 * for how to search longer.
 */
final class PortFuzzTest {

    private static final MetadataCodec CODEC = new MetadataCodec();

    /** What a document of that name is read as; a hello comes from anybody. */
    private record Message(String name, Class<?> type) {}

    private static final List<Message> MESSAGES =
            List.of(
                    new Message("hello", Hello.class),
                    new Message("heartbeat", PortMessages.Heartbeat.class),
                    new Message("join", PortMessages.JoinRequest.class),
                    new Message("belonging", PortMessages.BelongingRequest.class),
                    new Message("command", MetadataCommand.class),
                    new Message("challenge", String.class));

    /** The first byte says after how many bytes each read ends. */
    @Test
    void aStreamGivesTheSameFramesHoweverItIsCut() {
        Corpus.of(getClass(), "fuzz-frames").feed(PortFuzzTest::isCutAlike);
    }

    @Fuzzed("fuzz-frames")
    private static void isCutAlike(byte[] stepAndStream) {
        if (stepAndStream.length < 2) {
            return;
        }
        Buffer stream = Buffer.buffer(stepAndStream).getBuffer(1, stepAndStream.length);
        int step = Math.max(1, Byte.toUnsignedInt(stepAndStream[0]));
        assertThat(framesOf(stream, step)).isEqualTo(framesOf(stream, stream.length()));
    }

    /** All frames, encoded, and behind them what was refused, if anything was. */
    private static List<Object> framesOf(Buffer stream, int step) {
        var parser = new PortFrame.Parser();
        var found = new ArrayList<Object>();
        try {
            for (int at = 0; at < stream.length(); at += step) {
                parser.add(stream.getBuffer(at, Math.min(stream.length(), at + step)));
                PortFrame frame;
                while ((frame = parser.next(PortFrame.HELLO_BYTES_MAX)) != null) {
                    assertThat(frame.body().length).isLessThan(PortFrame.HELLO_BYTES_MAX);
                    found.add(List.of(frame.kind(), frame.callId(), frame.name(), frame.text()));
                }
            }
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).startsWith("expected a ");
            found.add(refused.getMessage());
        }
        return found;
    }

    /** The first byte picks what is expected. */
    @Test
    void anyBodyIsAMessageOrRefusedAsSuch() {
        Corpus.of(getClass(), "fuzz-messages").feed(PortFuzzTest::isReadOrRefused);
    }

    @Fuzzed("fuzz-messages")
    private static void isReadOrRefused(byte[] kindAndBody) {
        if (kindAndBody.length == 0) {
            return;
        }
        Message expected = MESSAGES.get(Byte.toUnsignedInt(kindAndBody[0]) % MESSAGES.size());
        byte[] body = Buffer.buffer(kindAndBody).getBytes(1, kindAndBody.length);
        try {
            Object message = CODEC.decode(expected.name(), expected.type(), body);
            if (message instanceof Hello hello) {
                assertThat(hello.isProved(Hello.Side.CALLER, "challenge", "secret")).isFalse();
            }
        } catch (MetadataFormatException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
