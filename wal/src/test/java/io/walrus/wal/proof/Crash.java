package io.walrus.wal.proof;

/** How a life of the log ended before it was opened again. */
enum Crash {
    /** Closed in order. */
    NONE,
    /** The process was gone, the machine ran on. */
    PROCESS,
    /** The machine lost its power. */
    POWER
}
