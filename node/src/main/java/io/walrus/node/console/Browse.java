package io.walrus.node.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.OptionalLong;

/** Shows entries by their place, moving no cursor. Bytes go out as base64 and are never decoded. */
final class Browse {

    private static final int READ_BYTES_MAX = 256 << 10;
    private static final int ENTRIES_MAX = 100;
    private static final int ENTRY_BYTES_MAX = 16 << 10;

    private final ConsoleOptions options;
    private final EntrySource source;

    Browse(ConsoleOptions options, EntrySource source) {
        this.options = options;
        this.source = source;
    }

    void answer(String topic, HttpAnswer answer) {
        if (!options.isLoopback()) {
            answer.problem(
                    403,
                    "entries are shown on a loopback address only: this port knows no passwords; "
                            + "use 'walrus tail', or a tunnel to this machine");
            return;
        }
        OptionalLong segment = answer.number("segment", 1, Integer.MAX_VALUE);
        if (segment.isEmpty()) {
            return;
        }
        OptionalLong offset = answer.number("offset", 0, Long.MAX_VALUE);
        if (offset.isEmpty()) {
            return;
        }
        var read =
                new Command.Read(
                        topic, (int) segment.getAsLong(), offset.getAsLong(), READ_BYTES_MAX);
        source.read(read, reply -> tell(read, reply, answer));
    }

    private static void tell(Command.Read asked, Reply reply, HttpAnswer answer) {
        if (reply instanceof Reply.Err err) {
            answer.problem(err.code().mayRetry() ? 503 : 404, err.code() + " " + err.message());
        } else if (reply instanceof Reply.Batch batch) {
            answer.json(200, page(asked, batch).encode());
        } else {
            answer.json(200, page(asked, none(asked)).encode());
        }
    }

    private static Reply.Batch none(Command.Read asked) {
        return new Reply.Batch(asked.segment(), asked.offset(), List.of());
    }

    private static JsonObject page(Command.Read asked, Reply.Batch batch) {
        List<Buffer> all = batch.entries();
        int shown = Math.min(ENTRIES_MAX, all.size());
        // The batch names the place behind its last entry; its entries are neighbours.
        boolean isNextSegment = all.isEmpty();
        long first = batch.nextOffset() - all.size();
        var entries = new JsonArray();
        for (int i = 0; i < shown; i++) {
            entries.add(entry(first + i, all.get(i)));
        }
        return new JsonObject()
                .put("topic", asked.topic())
                .put("segment", batch.nextSegment())
                .put("entries", entries)
                .put(
                        "next",
                        new JsonObject()
                                .put("segment", batch.nextSegment())
                                .put("offset", isNextSegment ? batch.nextOffset() : first + shown));
    }

    private static JsonObject entry(long offset, Buffer payload) {
        int length = payload.length();
        int shown = Math.min(length, ENTRY_BYTES_MAX);
        return new JsonObject()
                .put("offset", offset)
                .put("length", length)
                .put("base64", payload.getBytes(0, shown))
                .put("cut", shown < length);
    }
}
