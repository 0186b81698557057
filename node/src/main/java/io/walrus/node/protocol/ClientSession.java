package io.walrus.node.protocol;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.walrus.node.peer.PeerOptions;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.ReplyWriter;
import io.walrus.protocol.Request;
import io.walrus.protocol.RequestParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The conversation with one client, on its event loop.
 *
 * <p>Back-pressure: behind the limits of unanswered requests and bytes, or while the peer takes no
 * replies, the socket is not read and no further request is begun.
 */
final class ClientSession {

    /**
     * Lets a refusal reach a peer that is still sending: a close with unread bytes would reset the
     * connection.
     */
    private static final long LINGER_MILLIS = 100;

    private final NetSocket socket;
    private final Context context;
    private final RequestParser parser;
    private final RunStarter starter;
    private final ProtocolOptions options;

    /** All runs whose replies are not written yet, in the order of the requests. */
    private final Deque<RequestRun> unanswered = new ArrayDeque<>();

    /** The tail of {@link #unanswered} that is not begun yet. */
    private final Deque<RequestRun> waiting = new ArrayDeque<>();

    private RequestRun.Kind runningKind;
    private int running;
    private int inFlightRequests;
    private long inFlightBytes;
    private boolean paused;
    private boolean closing;
    private boolean isPeer;

    private long lastRequestNanos;
    private long partialSinceNanos;
    private long unreadSinceNanos;

    ClientSession(
            NetSocket socket,
            Context context,
            RunStarter starter,
            ProtocolOptions options,
            long nowNanos) {
        this.socket = socket;
        this.context = context;
        this.parser = new RequestParser(options.frameBytesMax());
        this.starter = starter;
        this.options = options;
        this.lastRequestNanos = nowNanos;
        starter.whenPeer(
                () -> {
                    isPeer = true;
                    parser.raiseLimit(options.frameBytesMax() + PeerOptions.HEAD_BYTES_MAX);
                });
    }

    void onRead(Buffer read, long nowNanos) {
        if (closing) {
            return;
        }
        List<Request> requests = parser.parse(read);
        if (!requests.isEmpty()) {
            lastRequestNanos = nowNanos;
            partialSinceNanos = nowNanos;
            enqueue(requests);
            startWaiting();
        } else if (parser.pendingBytes() <= read.length()) {
            partialSinceNanos = nowNanos;
        }
        flush();
        applyPressure();
    }

    private void enqueue(List<Request> requests) {
        for (RequestRun run : RequestRun.split(requests)) {
            unanswered.add(run);
            waiting.add(run);
            inFlightRequests += run.size();
            inFlightBytes += run.bytes;
        }
    }

    /**
     * Begins what may run beside what is running; reads wait until the peer takes what it asked for
     * before.
     */
    private void startWaiting() {
        while (!waiting.isEmpty() && mayStart(waiting.peek())) {
            RequestRun run = waiting.poll();
            runningKind = run.kind;
            running++;
            starter.start(run, (index, reply) -> settle(run, index, reply), this::afterSettling);
        }
    }

    private boolean mayStart(RequestRun run) {
        if (running == 0) {
            return run.kind == RequestRun.Kind.APPEND || !socket.writeQueueFull();
        }
        return run.kind == RequestRun.Kind.APPEND && runningKind == run.kind;
    }

    private void settle(RequestRun run, int index, Reply reply) {
        run.settle(index, reply);
        if (run.isSettled()) {
            running--;
        }
    }

    private void afterSettling() {
        if (closing) {
            return;
        }
        flush();
        startWaiting();
        flush();
        applyPressure();
    }

    /** One socket write for every reply that is ready in order. */
    private void flush() {
        if (unanswered.isEmpty() || closing) {
            return;
        }
        Buffer out = Buffer.buffer(256);
        boolean last = false;
        RequestRun run;
        while (!last && (run = unanswered.peek()) != null) {
            last = run.writeReady(out);
            if (!run.isWritten()) {
                break;
            }
            unanswered.poll();
            inFlightRequests -= run.size();
            inFlightBytes -= run.bytes;
        }
        if (out.length() > 0) {
            socket.write(out);
        }
        if (last) {
            closeAfterReply();
        }
    }

    private void applyPressure() {
        boolean tooMuch =
                inFlightRequests > options.inFlightRequestsMax()
                        || inFlightBytes > options.inFlightBytesMax();
        boolean unread = socket.writeQueueFull();
        if ((tooMuch || unread) && !paused && !closing) {
            paused = true;
            socket.pause();
        } else if (paused && !unread && isHalfEmpty()) {
            paused = false;
            socket.resume();
        }
    }

    private boolean isHalfEmpty() {
        return inFlightRequests <= options.inFlightRequestsMax() / 2
                && inFlightBytes <= options.inFlightBytesMax() / 2;
    }

    /** The peer has taken replies. */
    void onDrain() {
        unreadSinceNanos = 0;
        afterSettling();
    }

    /**
     * Closes a connection that is idle, stuck in the middle of a frame, or does not read; says why
     * where it can.
     *
     * @return true if it is closed now for one of these reasons
     */
    boolean isLate(long nowNanos) {
        if (!closing) {
            checkTime(nowNanos);
            return closing;
        }
        return false;
    }

    private void checkTime(long nowNanos) {
        if (socket.writeQueueFull()) {
            unreadSinceNanos = unreadSinceNanos == 0 ? nowNanos : unreadSinceNanos;
            if (isOver(unreadSinceNanos, options.slowReaderMillis(), nowNanos)) {
                forgetRequests();
                AbruptClose.of(socket);
            }
        } else if (parser.pendingBytes() > 0
                && !paused
                && isOver(partialSinceNanos, options.frameMillis(), nowNanos)) {
            refuseAndClose(
                    "the rest of a frame did not come within " + options.frameMillis() + " ms");
        } else if (options.idleMillis() > 0
                && !isPeer
                && unanswered.isEmpty()
                && isOver(lastRequestNanos, options.idleMillis(), nowNanos)) {
            refuseAndClose("no request came within " + options.idleMillis() + " ms");
        }
    }

    private static boolean isOver(long sinceNanos, long limitMillis, long nowNanos) {
        return nowNanos - sinceNanos >= limitMillis * 1_000_000;
    }

    void refuseAndClose(String why) {
        refuseAndClose(ErrorCode.TIMED_OUT, why);
    }

    void refuseAndClose(ErrorCode code, String why) {
        Buffer out = Buffer.buffer();
        ReplyWriter.append(out, new Reply.Err(code, why + "; the connection is closed"));
        socket.write(out);
        closeAfterReply();
    }

    private void closeAfterReply() {
        forgetRequests();
        context.owner().setTimer(LINGER_MILLIS, done -> AbruptClose.of(socket));
    }

    /** The connection is gone: nothing is begun any more; answers under way go nowhere. */
    void onClosed() {
        forgetRequests();
    }

    /** What still comes is read and dropped: a paused socket would never tell that it is closed. */
    private void forgetRequests() {
        closing = true;
        unanswered.clear();
        waiting.clear();
        if (paused) {
            paused = false;
            socket.resume();
        }
    }

    /** Nothing is under way and nothing waits to be written. */
    boolean isQuiet() {
        return unanswered.isEmpty();
    }
}
