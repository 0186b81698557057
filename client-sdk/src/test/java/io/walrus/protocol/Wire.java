package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes and values for the tests of this room. */
final class Wire {

    private Wire() {}

    /** One char, one byte, so that any byte can be written in a literal. */
    static Buffer latin(String text) {
        return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Buffer framed(String body) {
        return Buffer.buffer().appendIntLE(body.length()).appendBuffer(latin(body));
    }

    static Buffer framed(Command command) {
        Buffer out = Buffer.buffer();
        CommandWriter.append(out, command);
        return out;
    }

    static Request request(String body) {
        Buffer bytes = latin(body);
        return new CommandParser().parse(bytes, 0, bytes.length());
    }

    static CommandRefused refused(String body) {
        return (CommandRefused) request(body);
    }

    static Reply reply(Verb verb, String body) {
        Buffer bytes = latin(body);
        return ReplyParser.parse(verb, bytes, 0, bytes.length());
    }

    /** Collects bodies; a refusal is told by its code. */
    static final class Collected implements FrameHandler {
        final List<Buffer> bodies = new ArrayList<>();
        final List<FrameRefused> refusals = new ArrayList<>();

        @Override
        public void onFrame(Buffer bytes, int start, int end) {
            bodies.add(bytes.slice(start, end));
        }

        @Override
        public void onRefused(FrameRefused refused) {
            refusals.add(refused);
        }
    }
}
