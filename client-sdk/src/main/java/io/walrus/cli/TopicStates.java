package io.walrus.cli;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The STATE of many topics, asked for many at once. */
final class TopicStates {

    private static final int PIPELINED_MAX = 64;

    private TopicStates() {}

    /** The names of all topics, in the server's order. */
    static List<String> names(ServerConnection connection) {
        return names((Reply.Json) connection.call(new Command.Topics()));
    }

    /** The names in a reply to TOPICS. */
    static List<String> names(Reply.Json reply) {
        List<String> names = new ArrayList<>();
        try {
            for (Object name : new JsonArray(reply.text())) {
                names.add(String.valueOf(name));
            }
        } catch (DecodeException noArray) {
            throw new CliFailure(
                    ExitCode.REFUSED, "the server's answer is no JSON array; -o json shows it");
        }
        return names;
    }

    /** The states in the order of the names, less the topics that do not exist any more. */
    static Map<String, JsonObject> of(ServerConnection connection, List<String> names) {
        Map<String, JsonObject> states = new LinkedHashMap<>();
        for (int from = 0; from < names.size(); from += PIPELINED_MAX) {
            List<String> some = names.subList(from, Math.min(names.size(), from + PIPELINED_MAX));
            List<Future<Reply>> replies = new ArrayList<>();
            for (String name : some) {
                replies.add(connection.client().send(new Command.State(name)));
            }
            for (int i = 0; i < some.size(); i++) {
                Reply reply = ServerConnection.await(replies.get(i));
                if (reply instanceof Reply.Json json) {
                    states.put(some.get(i), StateTable.parse(json));
                } else if (reply instanceof Reply.Err err && err.code() != ErrorCode.NO_TOPIC) {
                    throw ServerConnection.refused(err);
                }
            }
        }
        return states;
    }

    /** How many entries the sealed segments of a topic have. */
    static long sealedEntries(JsonObject state) {
        JsonObject counts = state.getJsonObject("sealed_segments", new JsonObject());
        long sealed = 0;
        for (String segment : counts.fieldNames()) {
            sealed += counts.getLong(segment);
        }
        return sealed;
    }
}
