package io.walrus.node.storage;

/**
 * A topic as the log engine keeps it apart: a topic that was deleted and one of the same name that
 * was created later differ by their id and share nothing.
 *
 * @param name the topic's name
 * @param id the metadata's id of this life of the topic, never used again
 */
public record StoredTopic(String name, long id) {

    /** The segment of that number. */
    public StoredSegment segment(int number) {
        return new StoredSegment(this, number);
    }

    @Override
    public String toString() {
        return name;
    }
}
