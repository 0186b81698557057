package io.walrus.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Reply;
import java.util.TreeSet;

/** The reply to STATE for a person: a line for each segment. */
final class StateTable {

    private StateTable() {}

    static void write(WalrusCommand root, Reply.Json state, OutputFormat format) {
        root.writeLine(format == OutputFormat.JSON ? state.text() : table(parse(state)));
    }

    /** The JSON object of a reply; whatever else came is the server's fault, and told so. */
    static JsonObject parse(Reply.Json reply) {
        try {
            return new JsonObject(reply.text());
        } catch (DecodeException noObject) {
            throw new CliFailure(
                    ExitCode.REFUSED, "the server's answer is no JSON object; -o json shows it");
        }
    }

    private static String table(JsonObject state) {
        JsonObject leaders = state.getJsonObject("segment_leaders", new JsonObject());
        JsonObject counts = state.getJsonObject("sealed_segments", new JsonObject());
        JsonObject states = state.getJsonObject("segment_states", new JsonObject());
        JsonArray missing = state.getJsonArray("missing_segments", new JsonArray());
        TextTable table =
                new TextTable()
                        .numbers("SEGMENT")
                        .words("STATE")
                        .numbers("LEADER")
                        .numbers("ENTRIES");
        for (int segment : numbers(leaders, counts, state)) {
            String key = Integer.toString(segment);
            String known = counts.containsKey(key) ? "sealed" : "open";
            table.row(
                    segment,
                    missing.contains(segment) ? "missing" : states.getString(key, known),
                    leaders.getValue(key),
                    entries(state, counts, segment));
        }
        return table.text();
    }

    /** Of the open segment, its leader alone knows. */
    private static Object entries(JsonObject state, JsonObject counts, int segment) {
        Integer open = state.getInteger("current_segment");
        return open != null && open == segment
                ? state.getValue("open_segment_entries")
                : counts.getValue(Integer.toString(segment));
    }

    /** Every segment that the reply mentions, in order: "10" after "9". */
    private static TreeSet<Integer> numbers(
            JsonObject leaders, JsonObject counts, JsonObject state) {
        TreeSet<Integer> numbers = new TreeSet<>();
        leaders.fieldNames().forEach(key -> numbers.add(Integer.parseInt(key)));
        counts.fieldNames().forEach(key -> numbers.add(Integer.parseInt(key)));
        if (state.getInteger("current_segment") != null) {
            numbers.add(state.getInteger("current_segment"));
        }
        return numbers;
    }
}
