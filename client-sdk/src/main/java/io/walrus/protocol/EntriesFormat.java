package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Several entries in a row, safe for any bytes.
 *
 * <pre>
 *  0        4          4+n
 *  | u32 LE | n bytes  | u32 LE | ...      count times, and nothing after
 *  | n      | payload  | n      |
 * </pre>
 */
final class EntriesFormat {

    static final int LENGTH_BYTES = 4;

    private EntriesFormat() {}

    static void append(Buffer out, List<Buffer> entries) {
        for (Buffer entry : entries) {
            out.appendIntLE(entry.length());
            out.appendBuffer(entry);
        }
    }

    /**
     * The entries in {@code [start, end)} as slices, or null if they are not exactly {@code count}.
     */
    static List<Buffer> parse(Buffer bytes, int start, int end, long count) {
        if (count < 0 || count > (end - start) / LENGTH_BYTES) {
            return null;
        }
        List<Buffer> entries = new ArrayList<>((int) count);
        int at = start;
        for (int i = 0; i < count; i++) {
            if (end - at < LENGTH_BYTES) {
                return null;
            }
            long length = bytes.getUnsignedIntLE(at);
            at += LENGTH_BYTES;
            if (length > end - at) {
                return null;
            }
            entries.add(bytes.slice(at, at + (int) length));
            at += (int) length;
        }
        return at == end ? entries : null;
    }
}
