package io.walrus.client;

import io.walrus.protocol.TopicName;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Where a reader starts, how much it reads at once, and what it does at the end. */
public final class TopicReaderOptions {

    private Place start = Place.FIRST;
    private Instant startTime;
    private int readBytesMax = 256 << 10;
    private int pollMillisMax = 200;
    private int retriesMax = 50;
    private boolean endingAtEnd;
    private String cursor = "";
    private int commitMillis = 1_000;

    /** The defaults: from the first entry, and at the end wait for more. */
    public TopicReaderOptions() {}

    /** A copy, which later changes of the other do not touch. */
    public TopicReaderOptions(TopicReaderOptions other) {
        start = other.start;
        startTime = other.startTime;
        readBytesMax = other.readBytesMax;
        pollMillisMax = other.pollMillisMax;
        retriesMax = other.retriesMax;
        endingAtEnd = other.endingAtEnd;
        cursor = other.cursor;
        commitMillis = other.commitMillis;
    }

    /** The place of the first entry wanted. Default: the topic's first. */
    public Place getStart() {
        return start;
    }

    /** See {@link #getStart()}. */
    public TopicReaderOptions setStart(Place start) {
        this.start = start;
        this.startTime = null;
        return this;
    }

    /**
     * The time from which on entries are wanted, by the clock of the node that appended them;
     * empty, the default: {@link #getStart()} says where. {@link Instant#MAX} is the end of the
     * topic.
     */
    public Optional<Instant> getStartTime() {
        return Optional.ofNullable(startTime);
    }

    /** See {@link #getStartTime()}; the last call of the three that set a start counts. */
    public TopicReaderOptions setStartTime(Instant startTime) {
        this.startTime = Objects.requireNonNull(startTime, "startTime");
        return this;
    }

    /** Only what is appended from now on, that is after the reader's first request. */
    public TopicReaderOptions setStartAtEnd() {
        return setStartTime(Instant.MAX);
    }

    /**
     * How many payload bytes one request asks for, and a reader holds ahead of its handler. Default
     * 256 KiB.
     */
    public int getReadBytesMax() {
        return readBytesMax;
    }

    /** See {@link #getReadBytesMax()}; at least 1. */
    public TopicReaderOptions setReadBytesMax(int readBytesMax) {
        this.readBytesMax = atLeastOne("readBytesMax", readBytesMax);
        return this;
    }

    /**
     * The longest pause between two looks at the end of the topic, and before a retry. Default 200.
     */
    public int getPollMillisMax() {
        return pollMillisMax;
    }

    /** See {@link #getPollMillisMax()}; at least 1. */
    public TopicReaderOptions setPollMillisMax(int pollMillisMax) {
        this.pollMillisMax = atLeastOne("pollMillisMax", pollMillisMax);
        return this;
    }

    /**
     * How often in a row a read that may be retried is retried before the reader fails. Default 50.
     */
    public int getRetriesMax() {
        return retriesMax;
    }

    /** See {@link #getRetriesMax()}; at least 1. */
    public TopicReaderOptions setRetriesMax(int retriesMax) {
        this.retriesMax = atLeastOne("retriesMax", retriesMax);
        return this;
    }

    /**
     * Whether the stream ends when it has read all that is there; else it waits for more. Default
     * false.
     */
    public boolean isEndingAtEnd() {
        return endingAtEnd;
    }

    /** See {@link #isEndingAtEnd()}. */
    public TopicReaderOptions setEndingAtEnd(boolean endingAtEnd) {
        this.endingAtEnd = endingAtEnd;
        return this;
    }

    /**
     * The named cursor to begin at and to commit, instead of any other start; empty, the default:
     * none.
     */
    public String getCursor() {
        return cursor;
    }

    /** See {@link #getCursor()}; a name as a topic's, or empty. */
    public TopicReaderOptions setCursor(String cursor) {
        this.cursor = cursor.isEmpty() ? cursor : TopicName.check(cursor);
        return this;
    }

    /**
     * How often the cursor is committed behind the entries whose handler has returned; 0: only by
     * {@link TopicReader#commit()}. After a crash the entries since the last commit come again.
     * Default 1,000.
     */
    public int getCommitMillis() {
        return commitMillis;
    }

    /** See {@link #getCommitMillis()}; at least 0. */
    public TopicReaderOptions setCommitMillis(int commitMillis) {
        if (commitMillis < 0) {
            throw new IllegalArgumentException("commitMillis is at least 0; came: " + commitMillis);
        }
        this.commitMillis = commitMillis;
        return this;
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is at least 1; came: " + value);
        }
        return value;
    }
}
