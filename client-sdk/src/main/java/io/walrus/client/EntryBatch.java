package io.walrus.client;

import java.util.List;

/**
 * What one read brought.
 *
 * @param entries in order, from the place that was asked for; may be empty
 * @param next where to read on: behind the last entry, or in the next segment if this one has no
 *     more; the place that was asked for if there is nothing yet
 */
public record EntryBatch(List<Entry> entries, Place next) {

    /** Copies the list. */
    public EntryBatch {
        entries = List.copyOf(entries);
    }
}
