package io.walrus.cli;

import io.vertx.core.json.JsonObject;
import io.walrus.client.Place;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.time.Instant;

/**
 * Finds the end of a topic, and places before it, with requests that every server knows.
 *
 * <p>STATE counts the sealed segments only; the end of the open one is searched with FETCH, which
 * takes about two requests for each bit of its count. Entries that come meanwhile lie behind the
 * place that is found.
 */
final class TopicEnd {

    private final ServerConnection connection;
    private final String topic;
    private final JsonObject state;

    private TopicEnd(ServerConnection connection, String topic, JsonObject state) {
        this.connection = connection;
        this.topic = topic;
        this.state = state;
    }

    /** Asks for the topic's state. */
    static TopicEnd of(ServerConnection connection, String topic) {
        Reply reply = connection.call(new Command.State(topic));
        return new TopicEnd(connection, topic, StateTable.parse((Reply.Json) reply));
    }

    /** The place behind the last entry. */
    Place find() {
        return findFrom(Place.FIRST);
    }

    /** The same, found sooner from a place that was the end before. */
    Place findFrom(Place earlier) {
        int segment = state.getInteger("current_segment", 1);
        long known = segment == earlier.segment() ? earlier.offset() : 0;
        return new Place(segment, openCount(segment, known));
    }

    /** The first place whose entry was appended at or after a time; asks the server for it. */
    Place at(Instant time) {
        return ServerConnection.await(connection.client().placeAt(topic, time));
    }

    /** The node that leads the open segment; null if the server does not say. */
    Integer leader() {
        return state.getInteger("leader_node");
    }

    /** How many entries lie from one place on and before another. */
    long entriesBetween(Place from, Place to) {
        JsonObject counts = state.getJsonObject("sealed_segments", new JsonObject());
        long entries = to.offset() - from.offset();
        for (int segment = from.segment(); segment < to.segment(); segment++) {
            entries += counts.getLong(Integer.toString(segment), 0L);
        }
        return Math.max(0, entries);
    }

    /** How many entries the topic has up to its end. */
    long entries(Place end) {
        return TopicStates.sealedEntries(state) + end.offset();
    }

    /** So many entries before a place, or the first place if there are fewer. */
    Place back(Place from, long entries) {
        JsonObject counts = state.getJsonObject("sealed_segments", new JsonObject());
        long missing = entries;
        Place place = from;
        while (missing > place.offset() && place.segment() > 1) {
            missing -= place.offset();
            int before = place.segment() - 1;
            place = new Place(before, counts.getLong(Integer.toString(before), 0L));
        }
        return new Place(place.segment(), Math.max(0, place.offset() - missing));
    }

    private long openCount(int segment, long known) {
        long there = known;
        long notThere = known + 1;
        for (long step = 2; hasEntry(segment, notThere - 1); step *= 2) {
            there = notThere;
            notThere = known + step;
        }
        while (there + 1 < notThere) {
            long middle = there + (notThere - there) / 2;
            if (hasEntry(segment, middle - 1)) {
                there = middle;
            } else {
                notThere = middle;
            }
        }
        return there;
    }

    private boolean hasEntry(int segment, long offset) {
        Reply reply = connection.ask(new Command.Fetch(topic, segment, offset));
        if (reply instanceof Reply.Err err && err.code() != ErrorCode.GONE) {
            throw ServerConnection.refused(err);
        }
        return !(reply instanceof Reply.Empty);
    }
}
