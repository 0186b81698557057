package io.walrus.wal;

/** What a consuming read promises about a crash right behind it. */
public sealed interface ReadConsistency {

    /**
     * The cursor is persisted, as the fsync policy promises, before the entry is handed out: no
     * position twice.
     */
    static ReadConsistency strictlyAtOnce() {
        return new StrictlyAtOnce();
    }

    /**
     * The cursor is persisted after every {@code persistEvery} entries, 1 or more: a crash may hand
     * out up to that many again, and skips none.
     */
    static ReadConsistency atLeastOnce(int persistEvery) {
        return new AtLeastOnce(persistEvery);
    }

    /** See {@link #strictlyAtOnce()}. */
    record StrictlyAtOnce() implements ReadConsistency {}

    /** See {@link #atLeastOnce(int)}. */
    record AtLeastOnce(int persistEvery) implements ReadConsistency {
        public AtLeastOnce {
            if (persistEvery < 1) {
                throw new IllegalArgumentException(
                        "expected persistEvery >= 1, got " + persistEvery);
            }
        }
    }
}
