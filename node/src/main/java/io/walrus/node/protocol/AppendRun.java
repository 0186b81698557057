package io.walrus.node.protocol;

import io.vertx.core.buffer.Buffer;
import io.walrus.metadata.SegmentId;
import io.walrus.node.routing.AppendListener;
import io.walrus.node.routing.Payloads;
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

    private static final long NOBODY = -1;

    /**
     * Where entries are to go: a topic, for a peer's also the segment that it means, and for
     * numbered ones that and the producer.
     */
    private record Target(String topic, OptionalInt segment, long producer) {
        static Target of(String topic) {
            return new Target(topic, OptionalInt.empty(), NOBODY);
        }

        static Target of(String topic, int segment) {
            return new Target(topic, OptionalInt.of(segment), NOBODY);
        }

        boolean isNumbered() {
            return producer != NOBODY;
        }

        SegmentId id() {
            return new SegmentId(topic, segment.getAsInt());
        }
    }

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
                add(Target.of(put.topic()), put.payload(), false, i);
            } else if (request instanceof Command.Append append) {
                add(Target.of(append.topic()), append.payload(), true, i);
            } else if (request instanceof Command.AppendTo append) {
                add(Target.of(append.topic(), append.segment()), append.payload(), true, i);
            } else if (request instanceof Command.AppendBatch batch) {
                sendBatch(Target.of(batch.topic()), 0, batch.entries(), i);
            } else if (request instanceof Command.BatchTo batch) {
                sendBatch(Target.of(batch.topic(), batch.segment()), 0, batch.entries(), i);
            } else if (request instanceof Command.AppendNumbered numbered) {
                addNumbered(numbered, i);
            }
        }
        sendAll();
    }

    /** Single entries whose numbers follow each other travel together. */
    private void addNumbered(Command.AppendNumbered numbered, int index) {
        var target =
                new Target(
                        numbered.topic(), OptionalInt.of(numbered.segment()), numbered.producer());
        if (numbered.entries().size() > 1) {
            sendBatch(target, numbered.sequence(), numbered.entries(), index);
            return;
        }
        HandOver before = open.get(target);
        if (before != null && before.sequence + before.payloads.size() != numbered.sequence()) {
            open.remove(target).send();
            before = null;
        }
        if (before == null) {
            open.put(target, new HandOver(target, numbered.sequence()));
        }
        add(target, numbered.entries().get(0), true, index);
    }

    private void add(Target target, Buffer payload, boolean asksPlace, int index) {
        HandOver handOver = open.computeIfAbsent(target, to -> new HandOver(to, 0));
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
    private void sendBatch(Target target, long sequence, List<Buffer> payloads, int index) {
        sendAll();
        List<ByteBuffer> entries = payloads.stream().map(Payloads::copyOf).toList();
        AppendListener listener =
                (count, settlement) ->
                        onLoop.accept(() -> settle.settle(index, replyOf(settlement, 0, true)));
        if (target.isNumbered()) {
            router.appendNumbered(
                    target.id(), target.producer(), sequence, entries, true, isPeer, listener);
        } else if (isPeer || target.segment().isPresent()) {
            int only = target.segment().orElse(0);
            router.appendArrived(target.topic(), only, entries, true, listener);
        } else {
            router.appendAtomically(target.topic(), entries, listener);
        }
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

        /** The first one's number, if they are numbered. */
        private final long sequence;

        private final List<ByteBuffer> payloads = new ArrayList<>();
        private final List<Integer> indexes = new ArrayList<>();
        private final List<Boolean> asksPlace = new ArrayList<>();

        /** How many have their outcome; touched on the event loop only. */
        private int settled;

        HandOver(Target target, long sequence) {
            this.target = target;
            this.sequence = sequence;
        }

        void add(Buffer payload, int index, boolean wantsPlace) {
            payloads.add(Payloads.copyOf(payload));
            indexes.add(index);
            asksPlace.add(wantsPlace);
        }

        void send() {
            AppendListener listener =
                    (count, settlement) -> onLoop.accept(() -> settleNext(count, settlement));
            if (target.isNumbered()) {
                router.appendNumbered(
                        target.id(),
                        target.producer(),
                        sequence,
                        payloads,
                        false,
                        isPeer,
                        listener);
            } else if (isPeer || target.segment().isPresent()) {
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
