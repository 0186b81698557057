package io.walrus.cli.load;

import io.vertx.core.buffer.Buffer;

/**
 * What a loaded entry begins with, to be known again.
 *
 * <pre>
 * 0         8         12          20          entryBytes
 * | run     | client  | sequence  | zeros … |
 * </pre>
 *
 * @param run which run wrote it: {@link #MARK} in front of a random number
 * @param client which of its clients
 * @param sequence which of the client's entries, from 0
 */
record EntryStamp(long run, int client, int sequence) {

    static final int BYTES = 20;

    /** The upper half of every run: what tells a loaded entry from any other. */
    private static final long MARK = 0x57_41_4c_42L << Integer.SIZE;

    /** The run of that random number. */
    static long run(int random) {
        return MARK | Integer.toUnsignedLong(random);
    }

    /** An entry of that size, which is at least {@value #BYTES} to hold the whole stamp. */
    Buffer entry(int entryBytes) {
        byte[] bytes = new byte[entryBytes];
        if (entryBytes < BYTES) {
            return Buffer.buffer(bytes);
        }
        return Buffer.buffer(bytes).setLong(0, run).setInt(8, client).setLong(12, sequence);
    }

    /** The stamp of an entry, or null if it carries none. */
    static EntryStamp of(Buffer entry) {
        if (entry.length() < BYTES || entry.getLong(0) >>> Integer.SIZE != MARK >>> Integer.SIZE) {
            return null;
        }
        long sequence = entry.getLong(12);
        boolean isPlausible = 0 <= sequence && sequence < Integer.MAX_VALUE && entry.getInt(8) >= 0;
        return isPlausible
                ? new EntryStamp(entry.getLong(0), entry.getInt(8), (int) sequence)
                : null;
    }
}
