package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * A well-formed request. Its {@link #verb()} tells the kind, so that a switch over it is complete.
 *
 * <p>Names are checked by the constructors ({@link TopicName}), numbers too; what breaks a rule is
 * an {@link IllegalArgumentException}. Offsets are 0-based within their segment; segments count
 * from 1. No {@code toString} shows payload bytes or tokens.
 */
public sealed interface Command extends Request {

    /** The most entries in one batch, either way. */
    int BATCH_ENTRIES_MAX = 2_000;

    /** The word on the wire, one for each of the records here. */
    Verb verb();

    /** Every command that speaks of one topic, and can be routed by it. */
    sealed interface OnTopic extends Command {
        /** The topic's name, checked. */
        String topic();
    }

    /** Creates the topic, or finds that it exists; {@code OK} both times. */
    record Register(String topic) implements OnTopic {
        public Register {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.REGISTER;
        }
    }

    /**
     * Appends one entry, which may be empty; answered by {@code OK} when the node's promise of
     * durability holds.
     */
    record Put(String topic, Buffer payload) implements OnTopic {
        public Put {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.PUT;
        }

        @Override
        public String toString() {
            return "PUT " + topic + " (" + payload.length() + " bytes)";
        }
    }

    /** Takes the next entry under the topic's shared cursor, which moves on. */
    record Get(String topic) implements OnTopic {
        public Get {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.GET;
        }
    }

    /** Asks how the topic stands, as JSON. */
    record State(String topic) implements OnTopic {
        public State {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.STATE;
        }
    }

    /** Asks how the cluster stands, as JSON. */
    record Metrics() implements Command {
        @Override
        public Verb verb() {
            return Verb.METRICS;
        }
    }

    /** Reads one entry by its place; no cursor moves. */
    record Fetch(String topic, int segment, long offset) implements OnTopic {
        public Fetch {
            TopicName.check(topic);
            Range.segment(segment);
            Range.offset(offset);
        }

        @Override
        public Verb verb() {
            return Verb.FETCH;
        }
    }

    /** Like {@link Put}, and answered with the place of the entry. */
    record Append(String topic, Buffer payload) implements OnTopic {
        public Append {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.APPEND;
        }

        @Override
        public String toString() {
            return "APPEND " + topic + " (" + payload.length() + " bytes)";
        }
    }

    /**
     * Like {@link Append}, and refused unless that segment is the open one: what nodes send each
     * other, so that a late request never lands behind its successors.
     */
    record AppendTo(String topic, int segment, Buffer payload) implements OnTopic {
        public AppendTo {
            TopicName.check(topic);
            Range.segment(segment);
        }

        @Override
        public Verb verb() {
            return Verb.APPENDTO;
        }

        @Override
        public String toString() {
            return "APPENDTO " + topic + " " + segment + " (" + payload.length() + " bytes)";
        }
    }

    /**
     * Appends 1 to {@value #BATCH_ENTRIES_MAX} entries, all or nothing; answered with the place of
     * the first.
     */
    record AppendBatch(String topic, List<Buffer> entries) implements OnTopic {
        public AppendBatch {
            TopicName.check(topic);
            entries = List.copyOf(entries);
            Range.count(entries.size());
        }

        @Override
        public Verb verb() {
            return Verb.APPENDB;
        }

        @Override
        public String toString() {
            return "APPENDB " + topic + " (" + entries.size() + " entries)";
        }
    }

    /**
     * Like {@link AppendBatch}, and refused unless that segment is the open one: what nodes send
     * each other, so that a late batch never lands behind its successors.
     */
    record BatchTo(String topic, int segment, List<Buffer> entries) implements OnTopic {
        public BatchTo {
            TopicName.check(topic);
            Range.segment(segment);
            entries = List.copyOf(entries);
            Range.count(entries.size());
        }

        @Override
        public Verb verb() {
            return Verb.BATCHTO;
        }

        @Override
        public String toString() {
            return "BATCHTO " + topic + " " + segment + " (" + entries.size() + " entries)";
        }
    }

    /**
     * Appends 1 to {@value #BATCH_ENTRIES_MAX} numbered entries to exactly that segment, all or
     * nothing; answered with the place of the first. Entries that the segment has already under
     * that producer and sequence are not written again: the answer is their place.
     *
     * @param producer who numbers the entries, from 0
     * @param sequence the first entry's number, from 0; the others' follow it
     */
    record AppendNumbered(
            String topic, int segment, long producer, long sequence, List<Buffer> entries)
            implements OnTopic {
        public AppendNumbered {
            TopicName.check(topic);
            Range.segment(segment);
            Range.producer(producer);
            Range.sequence(sequence);
            entries = List.copyOf(entries);
            Range.count(entries.size());
        }

        @Override
        public Verb verb() {
            return Verb.APPENDP;
        }

        @Override
        public String toString() {
            return "APPENDP %s %d %d %d (%d entries)"
                    .formatted(topic, segment, producer, sequence, entries.size());
        }
    }

    /** Asks where a sealed segment has the entry of that producer and sequence, if it has it. */
    record Find(String topic, int segment, long producer, long sequence) implements OnTopic {
        public Find {
            TopicName.check(topic);
            Range.segment(segment);
            Range.producer(producer);
            Range.sequence(sequence);
        }

        @Override
        public Verb verb() {
            return Verb.FIND;
        }
    }

    /**
     * Reads entries from a place on, until their payloads reach {@code maxBytes}; at least one if
     * there is one.
     */
    record Read(String topic, int segment, long offset, int maxBytes) implements OnTopic {
        public Read {
            TopicName.check(topic);
            Range.segment(segment);
            Range.offset(offset);
            Range.bytes(maxBytes);
        }

        @Override
        public Verb verb() {
            return Verb.READ;
        }
    }

    /** Looks at the next entry under the shared cursor, which stays. */
    record Peek(String topic) implements OnTopic {
        public Peek {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.PEEK;
        }
    }

    /**
     * Like many {@link Get} at once: takes entries until one of the limits is reached; at least one
     * if there is one.
     */
    record GetBatch(String topic, int maxEntries, int maxBytes) implements OnTopic {
        public GetBatch {
            TopicName.check(topic);
            Range.count(maxEntries);
            Range.bytes(maxBytes);
        }

        @Override
        public Verb verb() {
            return Verb.GETB;
        }
    }

    /**
     * Asks where a named cursor stands; one that was never committed stands at the first entry
     * still kept.
     */
    record Cursor(String topic, String name) implements OnTopic {
        public Cursor {
            TopicName.check(topic);
            TopicName.check(name);
        }

        @Override
        public Verb verb() {
            return Verb.CURSOR;
        }
    }

    /** Lists the topic's named cursors and where they stand, as a JSON object. */
    record Cursors(String topic) implements OnTopic {
        public Cursors {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.CURSORS;
        }
    }

    /**
     * Moves a named cursor forward to a place: the next entry its reader wants. Going back is
     * refused.
     */
    record Commit(String topic, String name, int segment, long offset) implements OnTopic {
        public Commit {
            TopicName.check(topic);
            TopicName.check(name);
            Range.segment(segment);
            Range.offset(offset);
        }

        @Override
        public Verb verb() {
            return Verb.COMMIT;
        }
    }

    /**
     * Moves a named cursor from where it stands to any other place, back as well: its reader gets
     * again what it has had. Refused if it stands elsewhere, so that a repeat does no harm.
     */
    record Seek(String topic, String name, int segment, long offset, int toSegment, long toOffset)
            implements OnTopic {
        public Seek {
            TopicName.check(topic);
            TopicName.check(name);
            Range.segment(segment);
            Range.offset(offset);
            Range.segment(toSegment);
            Range.offset(toOffset);
        }

        @Override
        public Verb verb() {
            return Verb.SEEK;
        }
    }

    /** Lists the topics, as a JSON array of names. */
    record Topics() implements Command {
        @Override
        public Verb verb() {
            return Verb.TOPICS;
        }
    }

    /** Removes the topic and everything in it, for good. */
    record Delete(String topic) implements OnTopic {
        public Delete {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.DELETE;
        }
    }

    /**
     * Waits until there is something at a place, or the segment was sealed there; segment 0 offset
     * 0 stands for the shared cursor. Holds back every later reply of the connection meanwhile.
     */
    record Wait(String topic, int segment, long offset, int timeoutMillis) implements OnTopic {
        public Wait {
            TopicName.check(topic);
            Range.segmentOrShared(segment, offset);
            Range.timeout(timeoutMillis);
        }

        /** Whether the place waited for is that of the shared cursor. */
        public boolean isAtSharedCursor() {
            return segment == 0;
        }

        @Override
        public Verb verb() {
            return Verb.WAIT;
        }
    }

    /**
     * Asks for the first place whose entry was appended at or after a time; the end of the topic if
     * there is none yet.
     *
     * @param epochMillis since 1970, by the clock of the node that appended
     */
    record PlaceAt(String topic, long epochMillis) implements OnTopic {
        public PlaceAt {
            TopicName.check(topic);
            Range.epochMillis(epochMillis);
        }

        @Override
        public Verb verb() {
            return Verb.PLACE;
        }
    }

    /**
     * Like {@link PlaceAt} within one segment, whose end is answered if it has no such entry: what
     * nodes ask each other.
     */
    record PlaceIn(String topic, int segment, long epochMillis) implements OnTopic {
        public PlaceIn {
            TopicName.check(topic);
            Range.segment(segment);
            Range.epochMillis(epochMillis);
        }

        @Override
        public Verb verb() {
            return Verb.PLACEIN;
        }
    }

    /** Asks the server what it is and what it serves, as JSON. */
    record Hello() implements Command {
        @Override
        public Verb verb() {
            return Verb.HELLO;
        }
    }

    /**
     * Shows the connection's token; asked of servers that want one, before anything else but {@link
     * Hello}.
     */
    record Auth(String token) implements Command {
        public Auth {
            if (token.isEmpty()) {
                throw new IllegalArgumentException(
                        "a token has at least one character; came: none");
            }
        }

        @Override
        public Verb verb() {
            return Verb.AUTH;
        }

        @Override
        public String toString() {
            return "AUTH (hidden)";
        }
    }

    /** Seals the topic's open segment, whatever is in it, and opens the next one. */
    record Roll(String topic) implements OnTopic {
        public Roll {
            TopicName.check(topic);
        }

        @Override
        public Verb verb() {
            return Verb.ROLL;
        }
    }

    /**
     * Sets what the topic's shared cursor promises about a node that dies.
     *
     * @param rule {@code strictly-at-once}, {@code at-least-once}, or {@code as-node}: what each
     *     node was told at its start
     */
    record Reads(String topic, String rule) implements OnTopic {
        public Reads {
            TopicName.check(topic);
            Range.readRule(rule);
        }

        @Override
        public Verb verb() {
            return Verb.READS;
        }
    }

    /**
     * Has the asked node hand over all that it leads; it leads nothing new until {@link Undrain} or
     * its next start.
     */
    record Drain() implements Command {
        @Override
        public Verb verb() {
            return Verb.DRAIN;
        }
    }

    /** Ends what {@link Drain} began: the asked node may be given segments again. */
    record Undrain() implements Command {
        @Override
        public Verb verb() {
            return Verb.UNDRAIN;
        }
    }

    /**
     * Has the asked node hand over all that it leads, leave the cluster and stop.
     *
     * @param force also if entries become unreadable because this node alone holds them
     */
    record Leave(boolean force) implements Command {
        @Override
        public Verb verb() {
            return Verb.LEAVE;
        }

        /** How it is written: {@code safe} or {@code force}. */
        String how() {
            return force ? "force" : "safe";
        }
    }

    /**
     * Has the cluster forget another node, which is gone for good.
     *
     * @param node its id, from 1
     * @param force also if entries cannot be read any more because only that node held them
     */
    record Remove(int node, boolean force) implements Command {
        public Remove {
            Range.node(node);
        }

        @Override
        public Verb verb() {
            return Verb.REMOVE;
        }

        /** How it is written: {@code safe} or {@code force}. */
        String how() {
            return force ? "force" : "safe";
        }
    }
}
