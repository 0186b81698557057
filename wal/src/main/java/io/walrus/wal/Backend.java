package io.walrus.wal;

/** How stream files are written; the bytes on disk are the same. */
public enum Backend {
    /** Through mapped memory that was prepared ahead: the fastest, the default. */
    MAPPED,
    /** Through {@code FileChannel} writes: no mappings at all. */
    FILE_CHANNEL
}
