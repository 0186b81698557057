package io.walrus.client;

import io.walrus.protocol.Command;

/** How much a taker takes at once, and what it does when there is nothing. */
public final class TopicTakerOptions {

    private static final int BYTES_MAX = 256 << 10;

    private int entriesMax = 100;
    private boolean endingAtEnd;

    /** The defaults: up to 100 entries at once, and at the end wait for more. */
    public TopicTakerOptions() {}

    /** A copy, which later changes of the other do not touch. */
    public TopicTakerOptions(TopicTakerOptions other) {
        entriesMax = other.entriesMax;
        endingAtEnd = other.endingAtEnd;
    }

    /**
     * How many entries one request takes at most, and so how many a crash of this process can lose.
     * Never more than there is demand for. Default 100.
     */
    public int getEntriesMax() {
        return entriesMax;
    }

    /** See {@link #getEntriesMax()}; 1 to 2,000. */
    public TopicTakerOptions setEntriesMax(int entriesMax) {
        if (entriesMax < 1 || Command.BATCH_ENTRIES_MAX < entriesMax) {
            throw new IllegalArgumentException(
                    "entriesMax is 1 to " + Command.BATCH_ENTRIES_MAX + "; came: " + entriesMax);
        }
        this.entriesMax = entriesMax;
        return this;
    }

    /** Whether the stream ends when there is nothing more to take; else it waits. Default false. */
    public boolean isEndingAtEnd() {
        return endingAtEnd;
    }

    /** See {@link #isEndingAtEnd()}. */
    public TopicTakerOptions setEndingAtEnd(boolean endingAtEnd) {
        this.endingAtEnd = endingAtEnd;
        return this;
    }

    /** How many payload bytes one request takes at most, if it takes more than one entry. */
    int bytesMax() {
        return BYTES_MAX;
    }
}
