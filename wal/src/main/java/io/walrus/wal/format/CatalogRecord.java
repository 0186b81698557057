package io.walrus.wal.format;

/**
 * One change of the catalogue.
 *
 * @param sequence its number; they are dense and grow from record to record
 * @param durable all records up to this sequence were on disk when this one was written: a gap
 *     below it is damage, a gap above it is what a power cut may leave
 * @param number an end offset, a start offset or a cursor slot, by kind; 0 otherwise
 * @param name of the stream or cursor, by kind; empty otherwise
 */
public record CatalogRecord(
        Kind kind, long sequence, long durable, long streamId, long number, String name) {

    /** What changed. The order is the number on disk, from 1: append only. */
    public enum Kind {
        /** A stream exists: name. */
        CREATED,
        /** A stream takes no more: number is its end offset. */
        SEALED,
        /** Entries below number are gone. */
        TRUNCATED_BEFORE,
        /** A stream and its cursors are gone. */
        DELETED,
        /** A cursor has a slot: name, and number is the slot. */
        CURSOR_NAMED;

        int code() {
            return ordinal() + 1;
        }

        static Kind of(int code) {
            return 1 <= code && code <= values().length ? values()[code - 1] : null;
        }
    }
}
