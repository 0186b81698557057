package io.walrus.node.observe;

/**
 * How far a topic's shared cursor is behind.
 *
 * @param topic the topic
 * @param segment where the cursor stands
 * @param offset where in that segment
 * @param lag entries from there to the end
 */
public record CursorLag(String topic, int segment, long offset, long lag) {}
