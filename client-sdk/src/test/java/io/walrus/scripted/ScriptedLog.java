package io.walrus.scripted;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Refusal;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A script with a memory: topics of one segment each, one entry for each second since 1970, a
 * shared cursor, no promises. One event loop.
 */
public final class ScriptedLog implements Function<Request, Reply> {

    private final Map<String, List<Buffer>> topics = new ConcurrentHashMap<>();
    private final Map<String, Integer> cursors = new ConcurrentHashMap<>();

    /** The topic with these entries. */
    public ScriptedLog with(String topic, String... entries) {
        List<Buffer> list = new ArrayList<>();
        for (String entry : entries) {
            list.add(Buffer.buffer(entry));
        }
        topics.put(topic, list);
        return this;
    }

    /** What was put, byte for byte. */
    public List<Buffer> entries(String topic) {
        return topics.getOrDefault(topic, List.of());
    }

    @Override
    public Reply apply(Request request) {
        if (request instanceof Refusal refusal) {
            return refusal.toReply();
        }
        if (request instanceof Command.Register register) {
            topics.putIfAbsent(register.topic(), new ArrayList<>());
            return Reply.ok();
        }
        if (request instanceof Command.OnTopic onTopic && !topics.containsKey(onTopic.topic())) {
            return Reply.Err.unknownTopic(onTopic.topic());
        }
        if (request instanceof Command.Put put) {
            topics.get(put.topic()).add(put.payload());
            return Reply.ok();
        }
        if (request instanceof Command.AppendBatch batch) {
            List<Buffer> entries = topics.get(batch.topic());
            entries.addAll(batch.entries());
            return new Reply.Place(1, entries.size() - batch.entries().size());
        }
        if (request instanceof Command.Get get) {
            int next = cursors.merge(get.topic(), 1, Integer::sum) - 1;
            if (next < topics.get(get.topic()).size()) {
                return new Reply.OkPayload(topics.get(get.topic()).get(next));
            }
            cursors.merge(get.topic(), -1, Integer::sum);
            return Reply.empty();
        }
        if (request instanceof Command.Fetch fetch) {
            List<Buffer> entries = topics.get(fetch.topic());
            return fetch.offset() < entries.size()
                    ? new Reply.Fetched(fetch.offset() + 1, entries.get((int) fetch.offset()))
                    : Reply.empty();
        }
        if (request instanceof Command.Read read) {
            List<Buffer> entries = topics.get(read.topic());
            int from = (int) Math.min(read.offset(), entries.size());
            return from == entries.size()
                    ? Reply.empty()
                    : new Reply.Batch(1, entries.size(), entries.subList(from, entries.size()));
        }
        if (request instanceof Command.PlaceAt place) {
            long end = topics.get(place.topic()).size();
            return new Reply.Place(1, Math.min(end, place.epochMillis() / 1_000));
        }
        if (request instanceof Command.State) {
            return new Reply.Json("{\"current_segment\": 1}");
        }
        if (request instanceof Command.Metrics) {
            return new Reply.Json("{\"id\": 1}");
        }
        if (request instanceof Command.Topics) {
            return new Reply.Json(
                    new JsonArray(List.copyOf(new TreeSet<>(topics.keySet()))).encode());
        }
        return new Reply.Err(ErrorCode.UNSUPPORTED, "not in this script");
    }
}
