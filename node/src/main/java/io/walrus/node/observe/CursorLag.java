package io.walrus.node.observe;

/**
 * How far a cursor is behind.
 *
 * @param topic the topic
 * @param cursor its name, or {@link #SHARED}
 * @param segment where the cursor stands
 * @param offset where in that segment
 * @param lag entries from there to the end
 */
public record CursorLag(String topic, String cursor, int segment, long offset, long lag) {

    /** The shared cursor's name, which no named cursor can have. */
    static final String SHARED = "(shared)";
}
