package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What came, made fit for a message: quoted, printable ASCII only, at most {@value
 * #SHOWN_BYTES_MAX} bytes of it.
 */
final class Escaped {

    static final int SHOWN_BYTES_MAX = 40;

    private Escaped() {}

    static String text(String came) {
        String shown =
                came.length() > SHOWN_BYTES_MAX + 1 ? came.substring(0, SHOWN_BYTES_MAX + 1) : came;
        Buffer bytes = Buffer.buffer(shown.getBytes(StandardCharsets.UTF_8));
        return text(bytes, 0, bytes.length());
    }

    static String text(Buffer bytes, int start, int end) {
        int shownEnd = Math.min(end, start + SHOWN_BYTES_MAX);
        StringBuilder text = new StringBuilder(SHOWN_BYTES_MAX + 32).append('\'');
        for (int i = start; i < shownEnd; i++) {
            append(text, bytes.getByte(i) & 0xff);
        }
        text.append('\'');
        if (shownEnd < end) {
            text.append("... (").append(end - start).append(" bytes)");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, int octet) {
        if (octet < ' ' || octet > '~' || octet == '\\' || octet == '\'') {
            text.append("\\x")
                    .append(Character.forDigit(octet >> 4, 16))
                    .append(Character.forDigit(octet & 15, 16));
        } else {
            text.append((char) octet);
        }
    }
}
