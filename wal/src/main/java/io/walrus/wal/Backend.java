package io.walrus.wal;

/** How stream files are written; the bytes on disk are the same. */
public enum Backend {
    /**
     * Through mapped memory that was prepared ahead: the fastest, the default. A place that the
     * disk cannot read ends the process.
     */
    MAPPED,
    /**
     * Through {@code FileChannel} writes: no mappings of files with entries. A place that the disk
     * cannot read is an error of that read. An append, and each read of one of its entries, needs
     * as much heap as all of the append: think of it for batches of many megabytes.
     */
    FILE_CHANNEL
}
