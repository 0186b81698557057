package io.walrus.client;

import io.walrus.protocol.Command;
import io.walrus.protocol.FrameParser;

/** How a writer puts entries together, and how much it lets be on its way. */
public final class TopicWriterOptions {

    private int lingerMillis;
    private int batchEntriesMax = 1_000;
    private int batchBytesMax = 32 << 10;
    private int queueBytesMax = 1 << 20;

    /** The defaults: what one turn of the event loop writes goes at once, as one request. */
    public TopicWriterOptions() {}

    /** A copy, which later changes of the other do not touch. */
    public TopicWriterOptions(TopicWriterOptions other) {
        lingerMillis = other.lingerMillis;
        batchEntriesMax = other.batchEntriesMax;
        batchBytesMax = other.batchBytesMax;
        queueBytesMax = other.queueBytesMax;
    }

    /**
     * How long an entry waits for others to share its request. A full batch, a full queue and
     * {@link TopicWriter#end} do not wait. Default 0: until the end of the event loop's turn.
     */
    public int getLingerMillis() {
        return lingerMillis;
    }

    /** See {@link #getLingerMillis()}; at least 0. */
    public TopicWriterOptions setLingerMillis(int lingerMillis) {
        this.lingerMillis = inRange("lingerMillis", lingerMillis, 0, Integer.MAX_VALUE);
        return this;
    }

    /**
     * How many entries share a request, which is stored as a whole or not at all. Default 1,000; 1:
     * every entry is a request of its own.
     */
    public int getBatchEntriesMax() {
        return batchEntriesMax;
    }

    /** See {@link #getBatchEntriesMax()}; 1 to 2,000. */
    public TopicWriterOptions setBatchEntriesMax(int batchEntriesMax) {
        this.batchEntriesMax =
                inRange("batchEntriesMax", batchEntriesMax, 1, Command.BATCH_ENTRIES_MAX);
        return this;
    }

    /**
     * How many payload bytes share a request; a larger entry goes alone. Keep it under the server's
     * limit for a frame. Default 32 KiB: smaller than the queue by far, so that the server works on
     * one request while the next one is on its way.
     */
    public int getBatchBytesMax() {
        return batchBytesMax;
    }

    /** See {@link #getBatchBytesMax()}; at least 1. */
    public TopicWriterOptions setBatchBytesMax(int batchBytesMax) {
        this.batchBytesMax =
                inRange("batchBytesMax", batchBytesMax, 1, FrameParser.FRAME_BYTES_MAX_CEILING);
        return this;
    }

    /**
     * How many bytes may be written and not acknowledged before the queue is full. Default 1 MiB.
     */
    public int getQueueBytesMax() {
        return queueBytesMax;
    }

    /** See {@link #getQueueBytesMax()}; at least 1. */
    public TopicWriterOptions setQueueBytesMax(int queueBytesMax) {
        this.queueBytesMax = inRange("queueBytesMax", queueBytesMax, 1, Integer.MAX_VALUE);
        return this;
    }

    private static int inRange(String name, int value, int min, int max) {
        if (value < min || max < value) {
            throw new IllegalArgumentException(
                    name + " is " + min + " to " + max + "; came: " + value);
        }
        return value;
    }
}
