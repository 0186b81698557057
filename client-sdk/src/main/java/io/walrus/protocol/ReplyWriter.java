package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Writes replies as frames, many into one buffer; keeps no state, so any thread may call it. */
public final class ReplyWriter {

    static final byte[] OK = ascii("OK");
    static final byte[] EMPTY = ascii("EMPTY");
    static final byte[] ERR = ascii("ERR");

    private static final byte[] OK_FRAME = ascii("\2\0\0\0OK");
    private static final byte[] EMPTY_FRAME = ascii("\5\0\0\0EMPTY");

    private ReplyWriter() {}

    /** Appends the reply's frame to {@code out}; payload bytes are copied. */
    public static void append(Buffer out, Reply reply) {
        if (reply instanceof Reply.Ok) {
            out.appendBytes(OK_FRAME);
        } else if (reply instanceof Reply.Empty) {
            out.appendBytes(EMPTY_FRAME);
        } else {
            int at = out.length();
            out.appendIntLE(0);
            body(out, reply);
            out.setIntLE(at, out.length() - at - FrameParser.LENGTH_BYTES);
        }
    }

    private static void body(Buffer out, Reply reply) {
        if (reply instanceof Reply.OkPayload taken) {
            out.appendBytes(OK).appendByte((byte) ' ').appendBuffer(taken.payload());
        } else if (reply instanceof Reply.Json json) {
            out.appendString(json.text());
        } else if (reply instanceof Reply.Fetched fetched) {
            word(out.appendBytes(OK), fetched.nextOffset());
            out.appendByte((byte) ' ').appendBuffer(fetched.payload());
        } else if (reply instanceof Reply.Place place) {
            word(out.appendBytes(OK), place.segment());
            word(out, place.offset());
        } else if (reply instanceof Reply.Entries entries) {
            word(out.appendBytes(OK), entries.entries().size());
            EntriesFormat.append(out.appendByte((byte) ' '), entries.entries());
        } else if (reply instanceof Reply.Batch batch) {
            word(out.appendBytes(OK), batch.nextSegment());
            word(out, batch.nextOffset());
            word(out, batch.entries().size());
            EntriesFormat.append(out.appendByte((byte) ' '), batch.entries());
        } else if (reply instanceof Reply.Err err) {
            out.appendBytes(ERR).appendByte((byte) ' ').appendString(err.code().name());
            out.appendByte((byte) ' ').appendString(err.message());
        } else {
            throw new IllegalArgumentException(
                    "a reply with a form on the wire was expected; came: " + reply);
        }
    }

    private static void word(Buffer out, long number) {
        out.appendByte((byte) ' ').appendString(Long.toString(number));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
