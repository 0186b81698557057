package io.walrus.wal.tool;

import java.util.SortedMap;

/**
 * A topic as the catalogue has it.
 *
 * @param endOffset the exact end if it is sealed, else -1
 * @param slots of its cursors, by name
 */
record Topic(
        long streamId,
        String name,
        boolean sealed,
        long endOffset,
        long startOffset,
        SortedMap<String, Integer> slots) {

    Topic sealedAt(long end) {
        return new Topic(streamId, name, true, end, startOffset, slots);
    }

    Topic startingAt(long offset) {
        return new Topic(streamId, name, sealed, endOffset, Math.max(startOffset, offset), slots);
    }
}
