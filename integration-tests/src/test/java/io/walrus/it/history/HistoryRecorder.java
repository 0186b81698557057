package io.walrus.it.history;

import io.walrus.it.history.Operation.Get;
import io.walrus.it.history.Operation.GetAnswer;
import io.walrus.it.history.Operation.PlacedValue;
import io.walrus.it.history.Operation.Put;
import io.walrus.it.history.Operation.PutAnswer;
import io.walrus.it.history.Operation.Read;
import io.walrus.it.history.Operation.ReadAnswer;
import io.walrus.it.history.Operation.Scan;
import io.walrus.it.history.Operation.SealSeen;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Writes a history down while it happens.
 *
 * <p>Any number of threads; never blocks; a call costs two increments of a counter and two entries
 * in concurrent collections. Begin a call right before the request is sent, and answer it after the
 * reply was read: an interval that is too wide hides defects, one that is too narrow invents them.
 * A call that is never answered counts as unknown.
 */
public final class HistoryRecorder {
    /** The cursor that {@code GET} moves. */
    public static final String SHARED = "";

    private final AtomicLong nextStamp = new AtomicLong(1);
    private final Queue<Operation> answered = new ConcurrentLinkedQueue<>();
    private final Map<Open, Function<Call, Operation>> waiting = new ConcurrentHashMap<>();
    private final Deque<Mark> marks = new ConcurrentLinkedDeque<>();

    public PutCall put(int client, int node, String topic, String value) {
        return new PutCall(
                begin(
                        client,
                        node,
                        topic,
                        call -> new Put(call, value, new PutAnswer.Unknown("no answer"))),
                value);
    }

    public GetCall get(int client, int node, String topic) {
        return get(client, node, topic, SHARED);
    }

    public GetCall get(int client, int node, String topic, String cursor) {
        return new GetCall(
                begin(
                        client,
                        node,
                        topic,
                        call -> new Get(call, cursor, new GetAnswer.Unknown("no answer"))),
                cursor);
    }

    public ReadCall read(int client, int node, String topic, Place place) {
        return new ReadCall(
                begin(
                        client,
                        node,
                        topic,
                        call -> new Read(call, place, new ReadAnswer.Failed("no answer"))),
                place);
    }

    /** A scan that is not answered leaves no trace. */
    public ScanCall scan(int client, int node, String topic) {
        return new ScanCall(new Open(client, node, topic, nextStamp.getAndIncrement()));
    }

    /** Begin before STATE is asked; a segment seen sealed is sealed for good. */
    public StateCall state(int client, int node, String topic) {
        return new StateCall(new Open(client, node, topic, nextStamp.getAndIncrement()));
    }

    public void faultBegins(String fault) {
        marks.add(new Mark.FaultBegins(nextStamp.getAndIncrement(), fault));
    }

    /** Call it once the time to recover is over, with no call in flight that may still fail. */
    public void mustWork(String fault) {
        marks.add(new Mark.MustWork(nextStamp.getAndIncrement(), fault));
    }

    /**
     * Takes back the last {@link #mustWork}: what the calls since then met was another fault, and
     * the time to recover goes on.
     */
    public void withdrawMustWork() {
        if (marks.peekLast() instanceof Mark.MustWork last) {
            marks.remove(last);
        }
    }

    /** What has been seen so far. Calls without an answer are in it as unknown. */
    public History history() {
        List<Operation> operations = new ArrayList<>();
        waiting.forEach((open, unknown) -> operations.add(unknown.apply(open.until(Call.NEVER))));
        operations.addAll(answered);
        return new History(operations, List.copyOf(marks));
    }

    private Open begin(int client, int node, String topic, Function<Call, Operation> unknown) {
        Open open = new Open(client, node, topic, nextStamp.getAndIncrement());
        waiting.put(open, unknown);
        return open;
    }

    private void answer(Open open, Function<Call, Operation> operation) {
        Call call = open.until(nextStamp.getAndIncrement());
        if (waiting.remove(open) == null) {
            throw new IllegalStateException(
                    "expected one answer to a call, came a second: " + call);
        }
        answered.add(operation.apply(call));
    }

    /** A call without an answer; its stamp tells it from any other. */
    private record Open(int client, int node, String topic, long startStamp) {
        Call until(long endStamp) {
            return new Call(client, node, topic, startStamp, endStamp);
        }
    }

    /** An append under way; answer it once, from any thread. */
    public final class PutCall {
        private final Open open;
        private final String value;

        private PutCall(Open open, String value) {
            this.open = open;
            this.value = value;
        }

        public void acked() {
            end(new PutAnswer.Acked(Optional.empty()));
        }

        public void ackedAt(Place place) {
            end(new PutAnswer.Acked(Optional.of(place)));
        }

        public void refused(String why) {
            end(new PutAnswer.Refused(why));
        }

        public void unknown(String why) {
            end(new PutAnswer.Unknown(why));
        }

        private void end(PutAnswer outcome) {
            answer(open, call -> new Put(call, value, outcome));
        }
    }

    /** A request for the next entry under way; answer it once, from any thread. */
    public final class GetCall {
        private final Open open;
        private final String cursor;

        private GetCall(Open open, String cursor) {
            this.open = open;
            this.cursor = cursor;
        }

        public void delivered(String value) {
            end(new GetAnswer.Delivered(value, Optional.empty()));
        }

        public void deliveredFrom(Place place, String value) {
            end(new GetAnswer.Delivered(value, Optional.of(place)));
        }

        public void empty() {
            end(new GetAnswer.Empty());
        }

        public void refused(String why) {
            end(new GetAnswer.Refused(why));
        }

        public void unknown(String why) {
            end(new GetAnswer.Unknown(why));
        }

        private void end(GetAnswer outcome) {
            answer(open, call -> new Get(call, cursor, outcome));
        }
    }

    /** A read by place under way; answer it once, from any thread. */
    public final class ReadCall {
        private final Open open;
        private final Place place;

        private ReadCall(Open open, Place place) {
            this.open = open;
            this.place = place;
        }

        public void found(String value) {
            end(new ReadAnswer.Found(value));
        }

        public void nothing() {
            end(new ReadAnswer.Nothing());
        }

        public void failed(String why) {
            end(new ReadAnswer.Failed(why));
        }

        private void end(ReadAnswer outcome) {
            answer(open, call -> new Read(call, place, outcome));
        }
    }

    /** A walk over the whole topic. */
    public final class ScanCall {
        private final Open open;

        private ScanCall(Open open) {
            this.open = open;
        }

        /**
         * All entries, in the order they were read; the walk ended because nothing more was there.
         */
        public void saw(List<PlacedValue> entries) {
            answered.add(new Scan(open.until(nextStamp.getAndIncrement()), List.copyOf(entries)));
        }
    }

    /** A look at the state of a topic. */
    public final class StateCall {
        private final Open open;

        private StateCall(Open open) {
            this.open = open;
        }

        /** Count by segment number, of the sealed ones. */
        public void sealed(Map<Long, Long> countBySegment) {
            Call call = open.until(nextStamp.getAndIncrement());
            countBySegment.forEach(
                    (segment, count) -> answered.add(new SealSeen(call, segment, count)));
        }
    }
}
