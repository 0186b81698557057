package io.walrus.bench.engine;

/** What an acknowledgement means. */
public enum Durability {
    /** The operating system has it; no sync at all. */
    NONE,
    /** The operating system has it; a background flush comes every 200 ms. */
    EVERY,
    /** It is on the disk before the acknowledgement. */
    EACH
}
