package io.walrus.wal.tool;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** How an entry looks to a person or to a program. Always one line, whatever is in it. */
interface EntryPrint {

    String line(String topic, long offset, long timestampMillis, ByteBuffer payload);

    static EntryPrint of(ToolArguments.Format format) {
        return switch (format) {
            case TEXT -> EntryPrint::text;
            case HEX -> EntryPrint::hex;
            case JSON -> EntryPrint::json;
        };
    }

    private static String text(String topic, long offset, long millis, ByteBuffer payload) {
        String decoded = decoded(payload);
        return head(topic, offset, millis, payload)
                + (decoded == null ? "0x" + hexOf(payload) : quoted(decoded));
    }

    private static String hex(String topic, long offset, long millis, ByteBuffer payload) {
        return head(topic, offset, millis, payload) + hexOf(payload);
    }

    private static String head(String topic, long offset, long millis, ByteBuffer payload) {
        return topic + " " + offset + " " + time(millis) + " " + payload.remaining() + " ";
    }

    /** The payload as "text" if it is UTF-8, else as "base64". */
    private static String json(String topic, long offset, long millis, ByteBuffer payload) {
        String decoded = decoded(payload);
        String value =
                decoded == null
                        ? "\"base64\":" + quoted(base64Of(payload))
                        : "\"text\":" + quoted(decoded);
        return String.format(
                Locale.ROOT,
                "{\"topic\":%s,\"offset\":%d,\"timestamp\":%s,\"bytes\":%d,%s}",
                quoted(topic),
                offset,
                quoted(time(millis)),
                payload.remaining(),
                value);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static String hexOf(ByteBuffer payload) {
        return HexFormat.of().formatHex(bytesOf(payload));
    }

    private static String base64Of(ByteBuffer payload) {
        return Base64.getEncoder().encodeToString(bytesOf(payload));
    }

    private static byte[] bytesOf(ByteBuffer payload) {
        var bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return bytes;
    }

    private static String decoded(ByteBuffer payload) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(payload.duplicate()).toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    /** Legal JSON, and nothing in it that a terminal would obey. */
    static String quoted(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
