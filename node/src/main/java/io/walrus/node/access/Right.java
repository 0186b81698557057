package io.walrus.node.access;

/** What a token may do to a topic. */
enum Right {
    /** Reads entries, takes them under a cursor, moves cursors. */
    READ,
    /** Appends entries. */
    WRITE,
    /** Creates, rolls over and deletes topics; on all topics ({@code *}) also moves nodes. */
    ADMIN;

    /** As it stands in a tokens file. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
