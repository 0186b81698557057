package io.walrus.wal;

/**
 * What the catalogue knows of a stream.
 *
 * @param id never used for another stream, not even after this one is deleted
 * @param endOffset the exact end if it is sealed, else -1
 * @param startOffset first offset that was not truncated away
 */
record StreamRecord(long id, String name, boolean sealed, long endOffset, long startOffset) {

    static StreamRecord fresh(long id, String name) {
        return new StreamRecord(id, name, false, -1, 0);
    }

    StreamRecord sealedAt(long end) {
        return new StreamRecord(id, name, true, end, startOffset);
    }

    StreamRecord startingAt(long offset) {
        return new StreamRecord(id, name, sealed, endOffset, Math.max(startOffset, offset));
    }
}
