package io.walrus.wal.sim;

/** What may be asked of a disk, and so what may fail. */
public enum DiskCall {
    MAKE_DIRECTORY,
    LIST,
    CREATE,
    OPEN,
    RENAME,
    DELETE,
    SYNC_DIRECTORY,
    LOCK,
    SIZE,
    WRITE,
    READ,
    TRUNCATE,
    MAP,
    FORCE,
    CLOSE;

    /** Nothing about the disk changes by it. */
    boolean readsOnly() {
        return switch (this) {
            case LIST, OPEN, READ, SIZE -> true;
            default -> false;
        };
    }
}
