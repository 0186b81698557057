package io.walrus.wal.tool;

/**
 * Where a whole frame is.
 *
 * @param position in its stream's file
 * @param place in the journal, if only that has it; else null
 */
record FrameAt(
        long position,
        int frameBytes,
        long firstOffset,
        int count,
        boolean batch,
        long timestampMillis,
        int durable,
        JournalLook.Place place) {

    long endOffset() {
        return firstOffset + count;
    }
}
