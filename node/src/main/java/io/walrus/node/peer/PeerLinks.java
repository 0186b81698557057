package io.walrus.node.peer;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Door of the peer room: connections to each other node.
 *
 * <p>Any thread may call. Appends to one topic keep the order of the calls. A call fails by the
 * time-out at the latest; its reply is then {@code ERR UNKNOWN} if it may have happened, {@code ERR
 * NO_LEADER} if not.
 */
public final class PeerLinks {

    /** Who waits briefly must answer long before the one that asked it gives up. */
    private static final int BRIEF_WAITS_PER_REQUEST = 4;

    private final PeerOptions options;
    private final PeerPool pool;
    private final Map<String, PeerWatch> watchByAddress = new ConcurrentHashMap<>();
    private final LongAdder forwardedEntries = new LongAdder();
    private final LongAdder forwardedQuestions = new LongAdder();

    public PeerLinks(Vertx vertx, PeerOptions options) {
        this.options = options;
        this.pool = new PeerPool(vertx, options);
    }

    /** Asks another node, which answers by itself or says that it cannot; always completes. */
    public Future<Reply> ask(NodeMetadata node, Command.OnTopic command) {
        forwardedQuestions.increment();
        return pool.client(node, command.topic()).send(command).otherwise(PeerLinks::failed);
    }

    /**
     * Asks another node what it can be asked again at any time, on behalf of somebody whom others
     * wait behind: a quarter of the time-out at most, and not at all while that node owes an
     * answer. Always completes; {@code ERR NO_LEADER} where there is no answer.
     */
    public Future<Reply> askBriefly(NodeMetadata node, Command.OnTopic command) {
        PeerWatch watch =
                watchByAddress.computeIfAbsent(
                        PeerPool.addressOf(node), address -> new PeerWatch());
        if (!watch.mayAsk()) {
            return Future.succeededFuture(silent(node));
        }
        boolean isTrial = watch.isLate();
        forwardedQuestions.increment();
        Future<Reply> answer =
                pool.client(node, command.topic())
                        .send(command)
                        .onSuccess(reply -> watch.answered())
                        .onComplete(ended -> watch.ended());
        return isTrial
                ? Future.succeededFuture(silent(node))
                : answer.timeout(
                                options.requestTimeoutMillis() / BRIEF_WAITS_PER_REQUEST,
                                TimeUnit.MILLISECONDS)
                        .onFailure(failure -> noteIfLate(watch, failure))
                        .otherwise(failure -> silent(node));
    }

    /** A node that refuses the connection says so at once, each time. */
    private static void noteIfLate(PeerWatch watch, Throwable failure) {
        if (failure instanceof TimeoutException) {
            watch.late();
        }
    }

    private static Reply silent(NodeMetadata node) {
        return new Reply.Err(
                ErrorCode.NO_LEADER, "node " + node.id() + " does not answer at the moment");
    }

    /**
     * Has entries appended to a segment that another node leads, in order; another segment it
     * refuses.
     */
    public Future<ForwardedAppend> append(
            NodeMetadata node, SegmentId segment, List<ByteBuffer> payloads, boolean isAtomic) {
        return forward(
                node,
                segment.topic(),
                payloads,
                isAtomic,
                (ahead, entries) ->
                        isAtomic
                                ? new Command.BatchTo(segment.topic(), segment.number(), entries)
                                : new Command.AppendTo(
                                        segment.topic(), segment.number(), entries.get(0)));
    }

    /**
     * As {@link #append}, for entries that their producer has numbered.
     *
     * @param sequence the first one's number
     */
    public Future<ForwardedAppend> appendNumbered(
            NodeMetadata node,
            SegmentId segment,
            long producer,
            long sequence,
            List<ByteBuffer> payloads,
            boolean isAtomic) {
        return forward(
                node,
                segment.topic(),
                payloads,
                isAtomic,
                (ahead, entries) ->
                        new Command.AppendNumbered(
                                segment.topic(),
                                segment.number(),
                                producer,
                                sequence + ahead,
                                entries));
    }

    /** How entries, with so many ahead of them in their hand-over, are written on the wire. */
    private interface Wording {
        Command of(int ahead, List<Buffer> entries);
    }

    /** One request for entries that stay together, one for each of the others. */
    private Future<ForwardedAppend> forward(
            NodeMetadata node,
            String topic,
            List<ByteBuffer> payloads,
            boolean isAtomic,
            Wording wording) {
        forwardedEntries.add(payloads.size());
        List<Buffer> entries = payloads.stream().map(PeerLinks::buffer).toList();
        return pool.inOrder(node, topic, client -> send(client, entries, isAtomic, wording));
    }

    private static Future<ForwardedAppend> send(
            WalrusClient client, List<Buffer> entries, boolean isAtomic, Wording wording) {
        if (isAtomic) {
            return client.send(wording.of(0, entries))
                    .otherwise(PeerLinks::failed)
                    .map(reply -> ofBatch(entries.size(), reply));
        }
        var replies = new ArrayList<Future<Reply>>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Command one = wording.of(i, entries.subList(i, i + 1));
            replies.add(client.send(one).otherwise(PeerLinks::failed));
        }
        return Future.join(replies).map(all -> ofEntries(all.list()));
    }

    private static Buffer buffer(ByteBuffer payload) {
        var bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return Buffer.buffer(bytes);
    }

    private static Reply failed(Throwable failure) {
        boolean unknown =
                !(failure instanceof WalrusClientException known) || known.mayHaveHappened();
        return new Reply.Err(
                unknown ? ErrorCode.UNKNOWN : ErrorCode.NO_LEADER,
                "the leader did not answer: " + failure.getMessage());
    }

    private static ForwardedAppend ofBatch(int count, Reply reply) {
        return mayBeRoutedAgain(reply)
                ? new ForwardedAppend(List.of(), count, ((Reply.Err) reply).message())
                : new ForwardedAppend(List.of(new ForwardedAppend.Part(count, reply)), 0, "");
    }

    static ForwardedAppend ofEntries(List<Reply> replies) {
        int again = replies.size();
        while (again > 0 && mayBeRoutedAgain(replies.get(again - 1))) {
            again--;
        }
        var parts = new ArrayList<ForwardedAppend.Part>();
        int from = 0;
        while (from < again) {
            int to = from + 1;
            while (to < again && follows(replies.get(from), to - from, replies.get(to))) {
                to++;
            }
            parts.add(new ForwardedAppend.Part(to - from, replies.get(from)));
            from = to;
        }
        String why = again < replies.size() ? ((Reply.Err) replies.get(again)).message() : "";
        return new ForwardedAppend(parts, replies.size() - again, why);
    }

    private static boolean mayBeRoutedAgain(Reply reply) {
        return reply instanceof Reply.Err err
                && !err.code().mayHaveHappened()
                && (err.code() == ErrorCode.NO_LEADER
                        || err.code() == ErrorCode.STOPPING
                        || err.code() == ErrorCode.NO_TOPIC);
    }

    private static boolean follows(Reply first, int ahead, Reply next) {
        if (first instanceof Reply.Place place && next instanceof Reply.Place after) {
            return place.segment() == after.segment() && place.offset() + ahead == after.offset();
        }
        return first.equals(next);
    }

    /** Entries sent on to other nodes so far. */
    public long forwardedEntries() {
        return forwardedEntries.sum();
    }

    /** Requests other than appends sent on to other nodes so far. */
    public long forwardedQuestions() {
        return forwardedQuestions.sum();
    }

    /**
     * Connections are made anew for what comes from now on, with the certificates in force; those
     * that are open finish what is under way.
     */
    public void reconnect() {
        pool.reconnect();
    }

    /** Closes all connections, after what is under way. */
    public Future<Void> close() {
        return pool.close();
    }
}
