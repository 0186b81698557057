package io.walrus.node.storage;

import io.walrus.wal.FsyncPolicy;
import java.nio.file.Path;

/**
 * Settings of the storage room.
 *
 * @param dir where the log engine keeps its files
 * @param fsync what an ack promises
 * @param segmentEntriesMax a segment is full at this many entries; at least 1
 * @param segmentBytesMax a segment is full once its payloads reach this many bytes; at least 1
 * @param workers threads of the storage pool
 */
public record StorageOptions(
        Path dir, FsyncPolicy fsync, long segmentEntriesMax, long segmentBytesMax, int workers) {

    public StorageOptions {
        if (segmentEntriesMax < 1) {
            throw new IllegalArgumentException(
                    "expected a segment limit of at least 1 entry, got " + segmentEntriesMax);
        }
        if (segmentBytesMax < 1) {
            throw new IllegalArgumentException(
                    "expected a segment limit of at least 1 byte, got " + segmentBytesMax);
        }
        if (workers < 1) {
            throw new IllegalArgumentException(
                    "expected at least 1 storage worker, got " + workers);
        }
    }
}
