package io.walrus.node.protocol;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.Refusal;
import io.walrus.protocol.Reply;
import io.walrus.protocol.ReplyWriter;
import io.walrus.protocol.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring requests of one socket read that may be worked on together, and the replies to them.
 *
 * <p>Event loop only. Requests of different kinds are never under way at the same time on one
 * connection, so that a pipelined PUT, GET, PUT happens in that order.
 */
final class RequestRun {

    /** What may run beside its own kind. */
    enum Kind {
        /** Adds entries; any number at once, each topic in order. */
        APPEND,
        /** Moves the shared cursor; a topic's readers are served in order. */
        TAKE,
        /** Creates topics; any number at once, since none of them knows of another. */
        CREATE,
        /** Changes nothing. */
        LOOK,
        /** One at a time. */
        CHANGE
    }

    /** Bounds what the replies of a run can weigh before the first of them was written. */
    private static final int RUN_OF_READS_MAX = 32;

    /** As many proposals share the syncs of the metadata's log. */
    private static final int RUN_OF_CREATIONS_MAX = 64;

    private static final int RUN_OF_APPENDS_MAX = 4_096;

    final Kind kind;
    final List<Request> requests;
    final long bytes;
    private final Reply[] replies;
    private int settled;
    private int written;

    RequestRun(Kind kind, List<Request> requests) {
        this.kind = kind;
        this.requests = requests;
        this.replies = new Reply[requests.size()];
        long sum = 0;
        for (Request request : requests) {
            sum += bytesOf(request);
        }
        this.bytes = sum;
    }

    /** Cuts requests into runs, in their order. */
    static List<RequestRun> split(List<Request> requests) {
        var runs = new ArrayList<RequestRun>();
        int from = 0;
        while (from < requests.size()) {
            Kind kind = kindOf(requests.get(from));
            int to = from + 1;
            while (to < requests.size()
                    && to - from < sizeMax(kind)
                    && kindOf(requests.get(to)) == kind) {
                to++;
            }
            runs.add(new RequestRun(kind, new ArrayList<>(requests.subList(from, to))));
            from = to;
        }
        return runs;
    }

    private static int sizeMax(Kind kind) {
        return switch (kind) {
            case APPEND -> RUN_OF_APPENDS_MAX;
            case TAKE, LOOK -> RUN_OF_READS_MAX;
            case CREATE -> RUN_OF_CREATIONS_MAX;
            case CHANGE -> 1;
        };
    }

    private static Kind kindOf(Request request) {
        if (request instanceof Refusal) {
            return Kind.LOOK;
        }
        return switch (((Command) request).verb()) {
            case PUT, APPEND, APPENDTO, APPENDB, BATCHTO, APPENDP -> Kind.APPEND;
            case GET, GETB, PEEK -> Kind.TAKE;
            case FETCH,
                    READ,
                    FIND,
                    PLACE,
                    PLACEIN,
                    STATE,
                    METRICS,
                    TOPICS,
                    CURSOR,
                    CURSORS,
                    HELLO ->
                    Kind.LOOK;
            case REGISTER -> Kind.CREATE;
            case COMMIT, SEEK, DELETE, AUTH, WAIT, ROLL, READS, DRAIN, UNDRAIN, LEAVE, REMOVE ->
                    Kind.CHANGE;
        };
    }

    static long bytesOf(Request request) {
        if (request instanceof Command.Put put) {
            return put.payload().length();
        }
        if (request instanceof Command.Append append) {
            return append.payload().length();
        }
        if (request instanceof Command.AppendTo append) {
            return append.payload().length();
        }
        if (request instanceof Command.AppendBatch batch) {
            return batch.entries().stream().mapToLong(Buffer::length).sum();
        }
        if (request instanceof Command.AppendNumbered numbered) {
            return numbered.entries().stream().mapToLong(Buffer::length).sum();
        }
        if (request instanceof Command.BatchTo batch) {
            return batch.entries().stream().mapToLong(Buffer::length).sum();
        }
        return 0;
    }

    void settle(int index, Reply reply) {
        if (replies[index] != null) {
            throw new IllegalStateException("request " + index + " was answered twice");
        }
        replies[index] = reply;
        settled++;
    }

    boolean isSettled() {
        return settled == replies.length;
    }

    boolean isWritten() {
        return written == replies.length;
    }

    int size() {
        return replies.length;
    }

    /**
     * Appends the frames of all replies that are ready in order; true if the last one closes the
     * connection.
     */
    boolean writeReady(Buffer out) {
        while (written < replies.length && replies[written] != null) {
            ReplyWriter.append(out, replies[written]);
            replies[written] = null;
            Request request = requests.get(written++);
            if (request instanceof Refusal refusal && refusal.closesConnection()) {
                return true;
            }
        }
        return false;
    }
}
