package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The answer to one request. No {@code toString} shows payload bytes. */
public sealed interface Reply {

    /** Done, and nothing more to say: {@code OK}. */
    static Reply ok() {
        return Ok.INSTANCE;
    }

    /** Nothing there (yet): {@code EMPTY}. */
    static Reply empty() {
        return Empty.INSTANCE;
    }

    /**
     * {@code OK}: to REGISTER, PUT, COMMIT, SEEK, DELETE, AUTH, and to WAIT when there is
     * something.
     */
    record Ok() implements Reply {
        private static final Ok INSTANCE = new Ok();
    }

    /** {@code EMPTY}: nothing at that place, or under that cursor, yet. */
    record Empty() implements Reply {
        private static final Empty INSTANCE = new Empty();
    }

    /** {@code OK <payload>}: to GET and PEEK. */
    record OkPayload(Buffer payload) implements Reply {
        @Override
        public String toString() {
            return "OK (" + payload.length() + " bytes)";
        }
    }

    /** Bare JSON without {@code OK}, one object or one array: to STATE, METRICS, TOPICS, HELLO. */
    record Json(String text) implements Reply {}

    /** {@code OK <nextOffset> <payload>}: to FETCH; {@code nextOffset} is in the same segment. */
    record Fetched(long nextOffset, Buffer payload) implements Reply {
        @Override
        public String toString() {
            return "OK " + nextOffset + " (" + payload.length() + " bytes)";
        }
    }

    /**
     * {@code OK <segment> <offset>}: to APPEND and APPENDB (the first entry's place), to CURSOR and
     * to PLACE.
     */
    record Place(int segment, long offset) implements Reply {}

    /** {@code OK <count> <entries>}: to GETB. */
    record Entries(List<Buffer> entries) implements Reply {
        public Entries {
            entries = List.copyOf(entries);
        }

        @Override
        public String toString() {
            return "OK (" + entries.size() + " entries)";
        }
    }

    /**
     * {@code OK <nextSegment> <nextOffset> <count> <entries>}: to READ. The place is where to read
     * on. A count of 0 with a later place says that nothing more comes in this segment.
     */
    record Batch(int nextSegment, long nextOffset, List<Buffer> entries) implements Reply {
        public Batch {
            entries = List.copyOf(entries);
        }

        @Override
        public String toString() {
            return "OK next "
                    + nextSegment
                    + ":"
                    + nextOffset
                    + " ("
                    + entries.size()
                    + " entries)";
        }
    }

    /** {@code ERR <code> <message>}: to anything; the message is one line for a person. */
    record Err(ErrorCode code, String message) implements Reply {

        /** The refusal of a topic that nobody registered, in the words that clients look for. */
        public static Err unknownTopic(String topic) {
            return new Err(
                    ErrorCode.NO_TOPIC,
                    "unknown topic " + topic + "; create it with REGISTER " + topic);
        }
    }
}
