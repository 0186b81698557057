package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks over a body word by word; words are split by one space, and the rest can be taken as it is.
 */
final class Words {

    static final long NOT_A_NUMBER = -1;

    private static final int DIGITS_MAX = 19;

    private final Buffer bytes;
    private final int end;
    private int start;
    private int stop;

    /** Stands on the first word of {@code [start, end)}. */
    Words(Buffer bytes, int start, int end) {
        this.bytes = bytes;
        this.end = end;
        this.start = start;
        this.stop = spaceFrom(start);
    }

    int start() {
        return start;
    }

    /** The end of the word, exclusive. */
    int stop() {
        return stop;
    }

    int end() {
        return end;
    }

    /** Whether no space follows the word. */
    boolean isLast() {
        return stop == end;
    }

    /** Steps over the space to the next word, which may be empty; false if the body ends here. */
    boolean next() {
        if (isLast()) {
            return false;
        }
        start = stop + 1;
        stop = spaceFrom(start);
        return true;
    }

    /** Steps over the space and takes all that follows as one word; false if the body ends here. */
    boolean rest() {
        if (isLast()) {
            return false;
        }
        start = stop + 1;
        stop = end;
        return true;
    }

    /**
     * The word as a decimal number from 0, digits only; {@link #NOT_A_NUMBER} if it is none or over
     * a long.
     */
    long number() {
        int length = stop - start;
        if (length < 1 || length > DIGITS_MAX) {
            return NOT_A_NUMBER;
        }
        long number = 0;
        for (int i = start; i < stop; i++) {
            int digit = bytes.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return NOT_A_NUMBER;
            }
            number = number * 10 + digit;
        }
        return number < 0 ? NOT_A_NUMBER : number;
    }

    boolean is(String ascii) {
        if (stop - start != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes.getByte(start + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    Buffer slice() {
        return bytes.slice(start, stop);
    }

    String text() {
        return bytes.getString(start, stop, StandardCharsets.UTF_8.name());
    }

    /** The word and all that follows it. */
    String textToEnd() {
        return bytes.getString(start, end, StandardCharsets.UTF_8.name());
    }

    String escaped() {
        return Escaped.text(bytes, start, stop);
    }

    private int spaceFrom(int from) {
        int at = from;
        while (at < end && bytes.getByte(at) != ' ') {
            at++;
        }
        return at;
    }
}
