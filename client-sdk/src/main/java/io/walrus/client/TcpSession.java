package io.walrus.client;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.walrus.protocol.CommandWriter;
import io.walrus.protocol.FrameHandler;
import io.walrus.protocol.FrameParser;
import io.walrus.protocol.FrameRefused;
import io.walrus.protocol.MalformedReplyException;
import io.walrus.protocol.Reply;
import io.walrus.protocol.ReplyParser;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One conversation with a server: what was sent and has no reply yet, in order. On the connection's
 * context only; when it is lost it tells its owner once, and then is silent.
 */
final class TcpSession implements FrameHandler {

    private static final int WRITE_BYTES_MAX = 256 << 10;
    private static final int FRAME_HEAD_BYTES = 4;

    /** What the owner hears of. */
    interface Owner {
        /** One read was worked through: slots are free. */
        void onReplies(TcpSession session);

        /** The socket takes writes again. */
        void onWritable(TcpSession session);

        /** The connection is gone; {@link #inFlight()} has no replies and gets none. */
        void onLost(TcpSession session, String why, Throwable cause);
    }

    private final NetSocket socket;
    private final String address;
    private final int inFlightMax;
    private final ReplyDelivery delivery;
    private final Owner owner;
    private final FrameParser frames = FrameParser.ofReplies();
    private final Deque<PendingRequest> inFlight = new ArrayDeque<>();
    private boolean lost;
    private boolean heard;

    TcpSession(
            NetSocket socket,
            String address,
            int inFlightMax,
            ReplyDelivery delivery,
            Owner owner) {
        this.socket = socket;
        this.address = address;
        this.inFlightMax = inFlightMax;
        this.delivery = delivery;
        this.owner = owner;
    }

    void start() {
        socket.exceptionHandler(failure -> lose("the connection failed", failure));
        socket.closeHandler(closed -> lose(whyClosed(), null));
        socket.drainHandler(
                drained -> {
                    if (!lost) {
                        owner.onWritable(this);
                    }
                });
        socket.handler(this::onRead);
    }

    /**
     * Moves requests from the queue onto the wire, many in one write, as far as slots and the
     * socket allow.
     */
    void write(Deque<PendingRequest> waiting) {
        while (!lost && isOpenFor(waiting)) {
            Buffer out = Buffer.buffer(bytesOfOneWrite(waiting));
            while (isOpenFor(waiting) && out.length() < WRITE_BYTES_MAX) {
                PendingRequest request = waiting.poll();
                CommandWriter.append(out, request.command);
                inFlight.add(request);
            }
            // A write that fails closes the socket, and that is where it is told.
            socket.write(out);
        }
    }

    /** A buffer that grows copies what it holds each time. */
    private static int bytesOfOneWrite(Deque<PendingRequest> waiting) {
        long bytes = 0;
        for (PendingRequest request : waiting) {
            bytes += request.bytes + FRAME_HEAD_BYTES;
            if (bytes >= WRITE_BYTES_MAX) {
                break;
            }
        }
        return (int) bytes;
    }

    Deque<PendingRequest> inFlight() {
        return inFlight;
    }

    String address() {
        return address;
    }

    /** Whether the server has ever answered here. */
    boolean hasHeard() {
        return heard;
    }

    /** Gives the connection up; in-flight requests are told why. */
    void abandon(String why, Throwable cause) {
        lose(why, cause);
        socket.close();
    }

    @Override
    public void onFrame(Buffer bytes, int start, int end) {
        PendingRequest request = lost ? null : inFlight.peek();
        if (request == null) {
            if (!lost) {
                abandon("a reply came that nobody asked for", null);
            }
            return;
        }
        Reply reply;
        try {
            reply = ReplyParser.parse(request.command.verb(), bytes, start, end);
        } catch (MalformedReplyException malformed) {
            inFlight.poll();
            delivery.fail(
                    request,
                    WalrusClientException.sent(
                            WalrusClientException.Kind.MALFORMED,
                            request.command,
                            malformed.getMessage(),
                            malformed));
            abandon("a reply could not be understood", malformed);
            return;
        }
        heard = true;
        inFlight.poll();
        delivery.reply(request, reply);
    }

    @Override
    public void onRefused(FrameRefused refused) {
        abandon(
                "a reply of "
                        + refused.lengthBytes()
                        + " bytes was announced; is this the client port of a node?",
                null);
    }

    private void onRead(Buffer read) {
        if (lost) {
            return;
        }
        frames.parse(read, this);
        delivery.flush();
        if (!lost) {
            owner.onReplies(this);
        }
    }

    /** To a port that wants TLS, a request without it is no request; it hangs up. */
    private String whyClosed() {
        return heard || socket.isSsl()
                ? "the server closed the connection"
                : "the server closed the connection and answered nothing; does it speak TLS?";
    }

    private boolean isOpenFor(Deque<PendingRequest> waiting) {
        return !waiting.isEmpty() && inFlight.size() < inFlightMax && !socket.writeQueueFull();
    }

    private void lose(String why, Throwable cause) {
        if (!lost) {
            lost = true;
            owner.onLost(this, why, cause);
        }
    }
}
