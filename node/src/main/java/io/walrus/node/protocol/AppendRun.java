package io.walrus.node.protocol;

import io.vertx.core.buffer.Buffer;
import io.walrus.node.routing.AppendListener;
import io.walrus.node.routing.Router;
import io.walrus.node.routing.Settlement;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The appends of one run: handed over as one list per topic, and their outcomes given back to the
 * requests they belong to.
 *
 * <p>Made on the session's event loop; outcomes come on any thread and hop back through {@code
 * onLoop}.
 */
final class AppendRun {

    /** A hand-over is never larger than this, so that it always fits one write of the engine. */
    private static final int HAND_OVER_ENTRIES_MAX = 1_000;

    /** Where entries are to go: a topic, and for a peer's also the segment that it means. */
    private record Target(String topic, OptionalInt segment) {}

    private final Router router;
    private final boolean isPeer;
    private final RunStarter.Settle settle;
    private final Consumer<Runnable> onLoop;
    private final Map<Target, HandOver> open = new LinkedHashMap<>();

    AppendRun(Router router, boolean isPeer, RunStarter.Settle settle, Consumer<Runnable> onLoop) {
        this.router = router;
        this.isPeer = isPeer;
        this.settle = settle;
        this.onLoop = onLoop;
    }

    void start(List<Request> requests) {
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            if (request instanceof Command.Put put) {
                add(new Target(put.topic(), OptionalInt.empty()), put.payload(), false, i);
            } else if (request instanceof Command.Append append) {
                add(new Target(append.topic(), OptionalInt.empty()), append.payload(), true, i);
            } else if (request instanceof Command.AppendTo append) {
                var target = new Target(append.topic(), OptionalInt.of(append.segment()));
                add(target, append.payload(), true, i);
            } else if (request instanceof Command.AppendBatch batch) {
                var target = new Target(batch.topic(), OptionalInt.empty());
                sendBatch(target, batch.entries(), i);
            } else if (request instanceof Command.BatchTo batch) {
                var target = new Target(batch.topic(), OptionalInt.of(batch.segment()));
                sendBatch(target, batch.entries(), i);
            }
        }
        sendAll();
    }

    private void add(Target target, Buffer payload, boolean asksPlace, int index) {
        HandOver handOver = open.computeIfAbsent(target, HandOver::new);
        handOver.add(payload, index, asksPlace);
        if (handOver.payloads.size() == HAND_OVER_ENTRIES_MAX) {
            open.remove(target).send();
        }
    }

    private void sendAll() {
        open.values().forEach(HandOver::send);
        open.clear();
    }

    /** What came before it goes before it. */
    private void sendBatch(Target target, List<Buffer> payloads, int index) {
        sendAll();
        List<ByteBuffer> entries = payloads.stream().map(AppendRun::bytesOf).toList();
        AppendListener listener =
                (count, settlement) ->
                        onLoop.accept(() -> settle.settle(index, replyOf(settlement, 0, true)));
        if (isPeer || target.segment().isPresent()) {
            int only = target.segment().orElse(0);
            router.appendArrived(target.topic(), only, entries, true, listener);
        } else {
            router.appendAtomically(target.topic(), entries, listener);
        }
    }

    private static ByteBuffer bytesOf(Buffer payload) {
        return ByteBuffer.wrap(payload.getBytes());
    }

    private static Reply replyOf(Settlement settlement, int ahead, boolean asksPlace) {
        if (settlement instanceof Settlement.Failed failed) {
            return new Reply.Err(failed.code(), failed.message());
        }
        if (!asksPlace) {
            return Reply.ok();
        }
        var stored = (Settlement.Stored) settlement;
        return new Reply.Place(stored.segment().number(), stored.firstOffset() + ahead);
    }

    /** Entries for one target, and which requests of the run they were. */
    private final class HandOver {
        private final Target target;
        private final List<ByteBuffer> payloads = new ArrayList<>();
        private final List<Integer> indexes = new ArrayList<>();
        private final List<Boolean> asksPlace = new ArrayList<>();

        /** How many have their outcome; touched on the event loop only. */
        private int settled;

        HandOver(Target target) {
            this.target = target;
        }

        void add(Buffer payload, int index, boolean wantsPlace) {
            payloads.add(bytesOf(payload));
            indexes.add(index);
            asksPlace.add(wantsPlace);
        }

        void send() {
            AppendListener listener =
                    (count, settlement) -> onLoop.accept(() -> settleNext(count, settlement));
            if (isPeer || target.segment().isPresent()) {
                router.appendArrived(
                        target.topic(), target.segment().orElse(0), payloads, false, listener);
            } else {
                router.append(target.topic(), payloads, listener);
            }
        }

        private void settleNext(int count, Settlement settlement) {
            for (int i = 0; i < count; i++) {
                int at = settled++;
                settle.settle(indexes.get(at), replyOf(settlement, i, asksPlace.get(at)));
            }
        }
    }
}
