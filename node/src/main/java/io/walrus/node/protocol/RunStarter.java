package io.walrus.node.protocol;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.walrus.metadata.CursorPosition;
import io.walrus.node.observe.NodeReports;
import io.walrus.node.routing.Router;
import io.walrus.node.routing.Settlement;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Refusal;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hands the requests of a run to the router and brings the answers back to the session's event
 * loop.
 *
 * <p>Appends of one run are handed over as one list per topic; their outcomes come back as one hop.
 */
final class RunStarter {

    /** Takes the reply to the request at an index of its run, on the session's event loop. */
    @FunctionalInterface
    interface Settle {
        void settle(int index, Reply reply);
    }

    /** A hand-over is never larger than this, so that it always fits one write of the engine. */
    private static final int HAND_OVER_ENTRIES_MAX = 1_000;

    private final Context context;
    private final Router router;
    private final NodeReports reports;

    RunStarter(Context context, Router router, NodeReports reports) {
        this.context = context;
        this.router = router;
        this.reports = reports;
    }

    void start(RequestRun run, Settle settle, Runnable afterwards) {
        if (run.kind == RequestRun.Kind.APPEND) {
            startAppends(run, settle, afterwards);
            return;
        }
        for (int i = 0; i < run.size(); i++) {
            int index = i;
            ask(run.requests.get(i), reply -> hop(() -> settle.settle(index, reply), afterwards));
        }
    }

    private void hop(Runnable settle, Runnable afterwards) {
        context.runOnContext(
                ignored -> {
                    settle.run();
                    afterwards.run();
                });
    }

    private void startAppends(RequestRun run, Settle settle, Runnable afterwards) {
        var open = new LinkedHashMap<String, HandOver>();
        for (int i = 0; i < run.size(); i++) {
            Request request = run.requests.get(i);
            if (request instanceof Command.AppendBatch batch) {
                sendAll(open);
                appendBatch(batch, i, settle, afterwards);
            } else if (request instanceof Command.Append append) {
                add(open, append.topic(), append.payload(), true, i, settle, afterwards);
            } else if (request instanceof Command.Put put) {
                add(open, put.topic(), put.payload(), false, i, settle, afterwards);
            }
        }
        sendAll(open);
    }

    private void add(
            Map<String, HandOver> open,
            String topic,
            Buffer payload,
            boolean placed,
            int index,
            Settle settle,
            Runnable afterwards) {
        HandOver handOver =
                open.computeIfAbsent(topic, name -> new HandOver(name, settle, afterwards));
        handOver.add(payload, index, placed);
        if (handOver.payloads.size() == HAND_OVER_ENTRIES_MAX) {
            open.remove(topic).send();
        }
    }

    private static void sendAll(Map<String, HandOver> open) {
        open.values().forEach(HandOver::send);
        open.clear();
    }

    private void appendBatch(
            Command.AppendBatch batch, int index, Settle settle, Runnable afterwards) {
        var payloads = new ArrayList<ByteBuffer>(batch.entries().size());
        batch.entries().forEach(entry -> payloads.add(bytesOf(entry)));
        router.appendAtomically(
                batch.topic(),
                payloads,
                (count, settlement) ->
                        hop(() -> settle.settle(index, replyOf(settlement, 0, true)), afterwards));
    }

    private void ask(Request request, Consumer<Reply> answer) {
        if (request instanceof Refusal refusal) {
            answer.accept(refusal.toReply());
        } else if (request instanceof Command.Register register) {
            router.register(register.topic(), answer);
        } else if (request instanceof Command.Get get) {
            router.get(get.topic(), answer);
        } else if (request instanceof Command.Fetch fetch) {
            router.fetch(fetch.topic(), fetch.segment(), fetch.offset(), answer);
        } else if (request instanceof Command.Peek peek) {
            router.peek(peek.topic(), answer);
        } else if (request instanceof Command.GetBatch batch) {
            router.getBatch(batch.topic(), batch.maxEntries(), batch.maxBytes(), answer);
        } else if (request instanceof Command.Read read) {
            var from = new CursorPosition(read.segment(), read.offset());
            router.read(read.topic(), from, read.maxBytes(), answer);
        } else if (request instanceof Command.State state) {
            answer.accept(
                    reports.state(state.topic())
                            .<Reply>map(Reply.Json::new)
                            .orElseGet(() -> Reply.Err.unknownTopic(state.topic())));
        } else if (request instanceof Command.Metrics) {
            answer.accept(new Reply.Json(reports.metrics()));
        } else if (request instanceof Command.Topics) {
            answer.accept(new Reply.Json(reports.topics()));
        } else if (request instanceof Command.Hello) {
            answer.accept(new Reply.Json(reports.hello()));
        } else {
            answer.accept(
                    new Reply.Err(
                            ErrorCode.UNSUPPORTED, "this server does not serve that verb yet"));
        }
    }

    private static ByteBuffer bytesOf(Buffer payload) {
        return ByteBuffer.wrap(payload.getBytes());
    }

    private static Reply replyOf(Settlement settlement, int ahead, boolean placed) {
        if (settlement instanceof Settlement.Failed failed) {
            return new Reply.Err(failed.code(), failed.message());
        }
        if (!placed) {
            return Reply.ok();
        }
        var stored = (Settlement.Stored) settlement;
        return new Reply.Place(stored.segment().number(), stored.firstOffset() + ahead);
    }

    /** The appends of a run that go to one topic, and which requests they were. */
    private final class HandOver {
        private final String topic;
        private final Settle settle;
        private final Runnable afterwards;
        private final List<ByteBuffer> payloads = new ArrayList<>();
        private final List<Integer> indexes = new ArrayList<>();
        private final List<Boolean> placed = new ArrayList<>();

        /** How many have their outcome; touched by one listener call at a time. */
        private int settled;

        HandOver(String topic, Settle settle, Runnable afterwards) {
            this.topic = topic;
            this.settle = settle;
            this.afterwards = afterwards;
        }

        void add(Buffer payload, int index, boolean asksPlace) {
            payloads.add(bytesOf(payload));
            indexes.add(index);
            placed.add(asksPlace);
        }

        void send() {
            router.append(
                    topic,
                    payloads,
                    (count, settlement) -> hop(() -> settleNext(count, settlement), afterwards));
        }

        private void settleNext(int count, Settlement settlement) {
            for (int i = 0; i < count; i++) {
                int at = settled++;
                settle.settle(indexes.get(at), replyOf(settlement, i, placed.get(at)));
            }
        }
    }
}
