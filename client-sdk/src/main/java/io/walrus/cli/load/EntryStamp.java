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
 * @param run which run wrote it, a random number
 * @param client which of its clients
 * @param sequence which of the client's entries, from 0
 */
record EntryStamp(long run, int client, int sequence) {

    static final int BYTES = 20;

    /** An entry of that size, which is at least {@value #BYTES} to hold the whole stamp. */
    Buffer entry(int entryBytes) {
        byte[] bytes = new byte[entryBytes];
        if (entryBytes < BYTES) {
            return Buffer.buffer(bytes);
        }
        return Buffer.buffer(bytes).setLong(0, run).setInt(8, client).setLong(12, sequence);
    }

    /** The stamp of an entry, or null if it carries none of that run. */
    static EntryStamp of(long run, Buffer entry) {
        if (entry.length() < BYTES || entry.getLong(0) != run) {
            return null;
        }
        long sequence = entry.getLong(12);
        boolean isPlausible = 0 <= sequence && sequence < Integer.MAX_VALUE && entry.getInt(8) >= 0;
        return isPlausible ? new EntryStamp(run, entry.getInt(8), (int) sequence) : null;
    }
}
