package io.walrus.protocol;

import java.util.List;

/** The ranges of the numbers in commands, each declared once and refused in the same words. */
final class Range {

    /** What a shared cursor may promise. */
    static final List<String> READ_RULES = List.of("strictly-at-once", "at-least-once", "as-node");

    static final int TIMEOUT_MILLIS_MAX = 60_000;

    static final long SEQUENCE_MAX = Long.MAX_VALUE - Command.BATCH_ENTRIES_MAX;

    private Range() {}

    static void segment(int segment) {
        check(1 <= segment, "a segment is a number from 1", segment);
    }

    static void segmentOrShared(int segment, long offset) {
        offset(offset);
        check(0 <= segment, "a segment is a number from 1, or 0 for the shared cursor", segment);
        check(
                segment > 0 || offset == 0,
                "the offset beside segment 0 (the shared cursor) is 0",
                offset);
    }

    static void offset(long offset) {
        check(0 <= offset, "an offset is a number from 0", offset);
    }

    static void epochMillis(long epochMillis) {
        check(0 <= epochMillis, "epochMillis is a number from 0", epochMillis);
    }

    static void producer(long producer) {
        check(0 <= producer, "a producer is a number from 0", producer);
    }

    /** The numbers of a whole batch behind it fit too. */
    static void sequence(long sequence) {
        check(
                0 <= sequence && sequence <= SEQUENCE_MAX,
                "a sequence is 0 to " + SEQUENCE_MAX,
                sequence);
    }

    static void count(int count) {
        check(
                1 <= count && count <= Command.BATCH_ENTRIES_MAX,
                "a batch has 1 to " + Command.BATCH_ENTRIES_MAX + " entries",
                count);
    }

    static void bytes(int maxBytes) {
        check(
                1 <= maxBytes && maxBytes <= FrameParser.FRAME_BYTES_MAX_CEILING,
                "maxBytes is 1 to " + FrameParser.FRAME_BYTES_MAX_CEILING,
                maxBytes);
    }

    static void timeout(int timeoutMillis) {
        check(
                0 <= timeoutMillis && timeoutMillis <= TIMEOUT_MILLIS_MAX,
                "timeoutMillis is 0 to " + TIMEOUT_MILLIS_MAX,
                timeoutMillis);
    }

    static void node(int node) {
        check(1 <= node, "a node is a number from 1", node);
    }

    static void readRule(String rule) {
        if (!READ_RULES.contains(rule)) {
            throw new IllegalArgumentException("rule is one of " + READ_RULES + "; came: " + rule);
        }
    }

    private static void check(boolean holds, String rule, long came) {
        if (!holds) {
            throw new IllegalArgumentException(rule + "; came: " + came);
        }
    }
}
