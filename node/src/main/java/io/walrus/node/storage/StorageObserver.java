package io.walrus.node.storage;

/**
 * Hears what the store does, for metrics and events.
 *
 * <p>Called on storage and engine threads: return at once, never throw, never call back.
 */
public interface StorageObserver {

    /** Hears nothing. */
    StorageObserver NONE = new StorageObserver() {};

    /**
     * Entries of a topic were acknowledged.
     *
     * @param bytes of their payloads
     * @param nanos from the hand-over to the ack
     */
    default void appended(String topic, int entries, long bytes, long nanos) {}

    /** Numbered entries came again and were not stored twice. */
    default void repeated(int entries) {}

    /** A hand-over got no place: the outcome may be unknown, or nothing was stored. */
    default void notAppended(AppendOutcome outcome) {}

    /** The write gate said no: the lease or the epoch is not this node's. */
    default void fenced() {}

    /** A file was forced. */
    default void synced(long nanos) {}

    /** A sync failed: the log is failed for good until it is opened again. */
    default void failed(Throwable cause) {}
}
