package io.walrus.node;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A socket and nothing else: speaks the wire as a client of another language would. */
public final class RawClient implements AutoCloseable {

    private static final int SECONDS_MAX = 20;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    public static RawClient connect(int port) {
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(SECONDS_MAX * 1_000);
            socket.setTcpNoDelay(true);
            return new RawClient(socket);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    public static byte[] frame(String body) {
        return frame(body.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] frame(byte[] body) {
        return ByteBuffer.allocate(4 + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** Many frames as one array of bytes, to be sent with one write. */
    public static byte[] frames(String... bodies) {
        var all = new ByteArrayOutputStream();
        for (String body : bodies) {
            all.writeBytes(frame(body));
        }
        return all.toByteArray();
    }

    public RawClient sendBytes(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public RawClient send(String body) {
        return sendBytes(frame(body));
    }

    public byte[] receiveBytes() {
        try {
            var length = new byte[4];
            in.readFully(length);
            var body = new byte[ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt()];
            in.readFully(body);
            return body;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public String receive() {
        return new String(receiveBytes(), StandardCharsets.UTF_8);
    }

    /** Sends one request and waits for its reply. */
    public String ask(String body) {
        return send(body).receive();
    }

    /** True once the server has closed the connection; unread replies before that are skipped. */
    public boolean isClosedByServer() {
        try {
            while (in.read() >= 0) {
                // a reply that nobody asked for
            }
            return true;
        } catch (EOFException | java.net.SocketException closed) {
            return true;
        } catch (IOException open) {
            return false;
        }
    }

    public Socket socket() {
        return socket;
    }

    /** What {@link #close} does, for a test that wants it to happen early. */
    public void disconnect() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignoredBecauseItIsGone) {
            // closing twice is fine
        }
    }
}
