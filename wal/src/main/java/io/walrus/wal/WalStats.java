package io.walrus.wal;

/**
 * Counters since the log was opened; a snapshot.
 *
 * @param topics streams at this moment
 * @param entriesAppended entries whose append was acknowledged
 * @param bytesAppended payload bytes of them
 * @param syncs forces of any file
 * @param syncNanos time spent in them
 * @param bytesOnDisk bytes of all files at this moment
 * @param failed true once a sync has failed: no append is acknowledged any more
 */
public record WalStats(
        int topics,
        long entriesAppended,
        long bytesAppended,
        long syncs,
        long syncNanos,
        long bytesOnDisk,
        boolean failed) {}
