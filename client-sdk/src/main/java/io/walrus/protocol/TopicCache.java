package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Turns the bytes of a name into a String without making a new one each time: one small
 * direct-mapped table per connection, so that a connection that writes to a few topics creates each
 * String once.
 */
final class TopicCache {

    private static final int SLOTS = 64;

    private String[] slots;

    /**
     * The name in {@code [start, end)}, or null if it breaks the rule; nothing is allocated for an
     * illegal one.
     */
    String name(Buffer bytes, int start, int end) {
        int length = end - start;
        if (length < 1 || length > TopicName.LENGTH_MAX) {
            return null;
        }
        int hash = 0;
        for (int i = start; i < end; i++) {
            byte letter = bytes.getByte(i);
            if (!TopicName.isLegalCharacter(letter)) {
                return null;
            }
            hash = 31 * hash + letter;
        }
        if (slots == null) {
            slots = new String[SLOTS];
        }
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        String known = slots[slot];
        if (known != null && isSame(known, bytes, start, length)) {
            return known;
        }
        String name = new String(bytes.getBytes(start, end), StandardCharsets.US_ASCII);
        if (!TopicName.isLegal(name)) {
            return null;
        }
        slots[slot] = name;
        return name;
    }

    private static boolean isSame(String known, Buffer bytes, int start, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != bytes.getByte(start + i)) {
                return false;
            }
        }
        return true;
    }
}
