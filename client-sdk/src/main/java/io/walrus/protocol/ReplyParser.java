package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads one body as the reply to a given verb; keeps no state, so any thread may call it. */
public final class ReplyParser {

    private static final Reply.Err BARE_ERR = new Reply.Err(ErrorCode.UNRECOGNISED, "");

    private ReplyParser() {}

    /**
     * Reads {@code [start, end)}; payloads are slices of {@code bytes}.
     *
     * <p>Throws {@link MalformedReplyException} if it is no reply to that verb, and nothing else
     * for any bytes.
     */
    public static Reply parse(Verb verb, Buffer bytes, int start, int end) {
        Words words = new Words(bytes, start, end);
        if (words.is("ERR")) {
            return err(words);
        }
        Reply reply =
                switch (verb) {
                    case REGISTER,
                            PUT,
                            COMMIT,
                            SEEK,
                            DELETE,
                            AUTH,
                            ROLL,
                            READS,
                            DRAIN,
                            UNDRAIN,
                            LEAVE,
                            REMOVE ->
                            ok(words);
                    case WAIT -> words.is("OK") ? ok(words) : empty(words);
                    case GET, PEEK -> words.is("OK") ? payload(words) : empty(words);
                    case FETCH -> words.is("OK") ? fetched(words) : empty(words);
                    case GETB -> words.is("OK") ? entries(words, bytes) : empty(words);
                    case READ -> words.is("OK") ? batch(words, bytes) : empty(words);
                    case APPEND, APPENDTO, APPENDB, BATCHTO, APPENDP, CURSOR, PLACE, PLACEIN ->
                            place(words);
                    case FIND -> words.is("OK") ? place(words) : empty(words);
                    case STATE, METRICS, TOPICS, CURSORS, HELLO -> json(bytes, start, end);
                };
        if (reply == null) {
            throw new MalformedReplyException(
                    verb, expected(verb), Escaped.text(bytes, start, end));
        }
        return reply;
    }

    private static Reply err(Words words) {
        if (!words.next()) {
            return BARE_ERR;
        }
        ErrorCode code = ErrorCode.ofWireName(words.text());
        if (code == ErrorCode.UNRECOGNISED) {
            return new Reply.Err(code, words.textToEnd());
        }
        return new Reply.Err(code, words.rest() ? words.text() : "");
    }

    private static Reply ok(Words words) {
        return words.is("OK") && words.isLast() ? Reply.ok() : null;
    }

    private static Reply empty(Words words) {
        return words.is("EMPTY") && words.isLast() ? Reply.empty() : null;
    }

    private static Reply payload(Words words) {
        return words.rest() ? new Reply.OkPayload(words.slice()) : null;
    }

    private static Reply fetched(Words words) {
        long nextOffset = words.next() ? words.number() : Words.NOT_A_NUMBER;
        if (nextOffset == Words.NOT_A_NUMBER || !words.rest()) {
            return null;
        }
        return new Reply.Fetched(nextOffset, words.slice());
    }

    private static Reply place(Words words) {
        if (!words.is("OK")) {
            return null;
        }
        long segment = words.next() ? words.number() : Words.NOT_A_NUMBER;
        long offset = words.rest() ? words.number() : Words.NOT_A_NUMBER;
        return isPlace(segment, offset) ? new Reply.Place((int) segment, offset) : null;
    }

    private static Reply entries(Words words, Buffer bytes) {
        List<Buffer> entries = entriesHere(words, bytes);
        return entries == null ? null : new Reply.Entries(entries);
    }

    private static Reply batch(Words words, Buffer bytes) {
        long segment = words.next() ? words.number() : Words.NOT_A_NUMBER;
        long offset = words.next() ? words.number() : Words.NOT_A_NUMBER;
        List<Buffer> entries = isPlace(segment, offset) ? entriesHere(words, bytes) : null;
        return entries == null ? null : new Reply.Batch((int) segment, offset, entries);
    }

    private static List<Buffer> entriesHere(Words words, Buffer bytes) {
        long count = words.next() ? words.number() : Words.NOT_A_NUMBER;
        return words.rest() ? EntriesFormat.parse(bytes, words.start(), words.end(), count) : null;
    }

    private static boolean isPlace(long segment, long offset) {
        return 1 <= segment && segment <= Integer.MAX_VALUE && 0 <= offset;
    }

    private static Reply json(Buffer bytes, int start, int end) {
        byte first = bytes.getByte(start);
        if (first != '{' && first != '[') {
            return null;
        }
        return new Reply.Json(bytes.getString(start, end, StandardCharsets.UTF_8.name()));
    }

    private static String expected(Verb verb) {
        return switch (verb) {
            case REGISTER,
                    PUT,
                    COMMIT,
                    SEEK,
                    DELETE,
                    AUTH,
                    ROLL,
                    READS,
                    DRAIN,
                    UNDRAIN,
                    LEAVE,
                    REMOVE ->
                    "OK";
            case WAIT -> "OK or EMPTY";
            case GET, PEEK -> "OK <payload> or EMPTY";
            case FETCH -> "OK <nextOffset> <payload> or EMPTY";
            case GETB -> "OK <count> <entries> or EMPTY";
            case READ -> "OK <nextSegment> <nextOffset> <count> <entries> or EMPTY";
            case APPEND, APPENDTO, APPENDB, BATCHTO, APPENDP, CURSOR, PLACE, PLACEIN ->
                    "OK <segment> <offset>";
            case FIND -> "OK <segment> <offset> or EMPTY";
            case STATE, METRICS, TOPICS, CURSORS, HELLO -> "JSON";
        };
    }
}
