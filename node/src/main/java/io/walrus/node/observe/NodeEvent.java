package io.walrus.node.observe;

/**
 * Something that happened, as this node saw it.
 *
 * @param number grows by one with each event of this node's life
 * @param millis wall-clock time at this node, in milliseconds since 1970
 * @param kind a stable word: {@code rollover}, {@code failover}, {@code recovery} and so on
 * @param topic the topic it is about; empty if none
 * @param segments how many segments the topic had then; 0: it is about something else
 * @param what one sentence for a person
 */
public record NodeEvent(
        long number, long millis, String kind, String topic, int segments, String what) {}
