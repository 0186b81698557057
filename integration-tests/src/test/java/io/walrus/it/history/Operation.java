package io.walrus.it.history;

import java.util.List;
import java.util.Optional;

/** One call of a client together with its answer. */
public sealed interface Operation {
    Call call();

    /**
     * An append. Its value is unique in the history, so that an entry can be told from any other.
     */
    record Put(Call call, String value, PutAnswer answer) implements Operation {
        boolean isAcked() {
            return answer instanceof PutAnswer.Acked;
        }
    }

    /**
     * The next entry of a cursor, which moves on.
     *
     * @param cursor its name; {@link HistoryRecorder#SHARED} for the one of {@code GET}
     */
    record Get(Call call, String cursor, GetAnswer answer) implements Operation {}

    /** One entry by its place; no cursor moves. */
    record Read(Call call, Place place, ReadAnswer answer) implements Operation {}

    /** The whole topic, read by place from the first entry to the end that was found last. */
    record Scan(Call call, List<PlacedValue> entries) implements Operation {
        /** Without the entries: evidence is for reading. */
        @Override
        public String toString() {
            return "Scan[call=" + call + ", " + entries.size() + " entries]";
        }
    }

    /** A node's word that a segment is sealed at this count. */
    record SealSeen(Call call, long segment, long count) implements Operation {}

    /** An entry and where it was found. */
    record PlacedValue(Place place, String value) {}

    /** What an append was answered. */
    sealed interface PutAnswer {
        /** It is in the log, for good. The place is empty where the verb does not tell it. */
        record Acked(Optional<Place> place) implements PutAnswer {}

        /** It did not happen and will not. */
        record Refused(String why) implements PutAnswer {}

        /** It may have happened, may still happen, once at most. */
        record Unknown(String why) implements PutAnswer {}
    }

    /** What a request for the next entry was answered. */
    sealed interface GetAnswer {
        /** The entry. The place is empty where the verb does not tell it. */
        record Delivered(String value, Optional<Place> place) implements GetAnswer {}

        /** Nothing acknowledged lies behind the cursor. */
        record Empty() implements GetAnswer {}

        /** It did not happen: the cursor did not move. */
        record Refused(String why) implements GetAnswer {}

        /** The cursor may have moved, by one entry at most. */
        record Unknown(String why) implements GetAnswer {}
    }

    /** What a read by place was answered. */
    sealed interface ReadAnswer {
        record Found(String value) implements ReadAnswer {}

        /** There is no entry at this place. */
        record Nothing() implements ReadAnswer {}

        /** No answer to the question; reads change nothing, so it does not matter why. */
        record Failed(String why) implements ReadAnswer {}
    }
}
