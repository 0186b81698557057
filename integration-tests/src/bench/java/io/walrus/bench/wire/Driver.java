package io.walrus.bench.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;

/**
 * One connection on a bare socket that keeps so many requests in flight: writes whole runs of frames, reads whatever comes.
 *
 * <p>One thread. Any reply but OK, or an echo of the request, ends the run with an exception.
 */
final class Driver implements Closeable {
    private static final int PAYLOAD_BYTES = 1024;

    private final SocketChannel socket;
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 << 10).order(ByteOrder.LITTLE_ENDIAN);

    Driver(int port) throws IOException {
        socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        in.flip();
    }

    /** A request of an entry of 1 KiB, as a frame. */
    static byte[] frame(String verb, String topic) {
        byte[] head = (verb + " " + topic + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[PAYLOAD_BYTES];
        new Random(7).nextBytes(payload);
        return ByteBuffer.allocate(4 + head.length + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(head.length + payload.length)
                .put(head)
                .put(payload)
                .array();
    }

    /** Sends one request of text and returns the reply. */
    String ask(String request) throws IOException {
        byte[] body = request.getBytes(StandardCharsets.UTF_8);
        write(ByteBuffer.allocate(4 + body.length).order(ByteOrder.LITTLE_ENDIAN).putInt(body.length).put(body).flip());
        return reply();
    }

    /** Sends a frame and returns the reply. */
    String send(byte[] frame) throws IOException {
        write(ByteBuffer.wrap(frame));
        return reply();
    }

    private String reply() throws IOException {
        while (!hasReply()) {
            read();
        }
        byte[] body = new byte[in.getInt()];
        in.get(body);
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Keeps so many of the same request in flight until the deadline, then waits for the rest; tells each time how many were answered. */
    void pipeline(byte[] frame, int inFlight, long deadlineNanos, LongConsumer answered) throws IOException {
        pipeline(Collections.nCopies(inFlight, frame), deadlineNanos, answered);
    }

    /** The same with as many requests in flight as there are, one after the other in a ring; they are equally long. */
    void pipeline(List<byte[]> ring, long deadlineNanos, LongConsumer answered) throws IOException {
        int frameBytes = ring.get(0).length;
        ByteBuffer run = ByteBuffer.allocateDirect(frameBytes * ring.size());
        ring.forEach(run::put);
        int next = 0;
        int waiting = 0;
        boolean isOver = false;
        while (!isOver || waiting > 0) {
            isOver = System.nanoTime() - deadlineNanos >= 0;
            while (!isOver && waiting < ring.size()) {
                int count = Math.min(ring.size() - waiting, ring.size() - next);
                write(run.duplicate().position(frameBytes * next).limit(frameBytes * (next + count)));
                next = (next + count) % ring.size();
                waiting += count;
            }
            if (waiting > 0) {
                int came = replies(frameBytes);
                waiting -= came;
                answered.accept(came);
            }
        }
    }

    /** Reads once if need be, and takes all whole replies. */
    private int replies(int frameBytes) throws IOException {
        while (!hasReply()) {
            read();
        }
        int count = 0;
        while (hasReply()) {
            int length = in.getInt();
            boolean isOk = length == 2 && in.get(in.position()) == 'O';
            boolean isPlace = 2 < length && length < 64 && in.get(in.position()) == 'O' && in.get(in.position() + 2) == ' ';
            if (!isOk && !isPlace && length != frameBytes - 4) {
                byte[] body = new byte[length];
                in.get(body);
                throw new IOException("the server said: " + new String(body, StandardCharsets.UTF_8));
            }
            in.position(in.position() + length);
            count++;
        }
        return count;
    }

    private boolean hasReply() {
        return in.remaining() >= 4 && in.remaining() >= 4 + in.getInt(in.position());
    }

    private void read() throws IOException {
        in.compact();
        int read = socket.read(in);
        in.flip();
        if (read < 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
