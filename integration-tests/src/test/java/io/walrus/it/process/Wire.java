package io.walrus.it.process;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A plain socket that speaks the wire. */
public final class Wire implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    public Wire(int port) throws IOException {
        this(port, TIMEOUT_MILLIS);
    }

    /**
     * @param timeoutMillis how long a reply may take
     */
    public Wire(int port, int timeoutMillis) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(timeoutMillis);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    public void send(String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        out.write(
                ByteBuffer.allocate(4 + bytes.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(bytes.length)
                        .put(bytes)
                        .array());
    }

    public String receive() throws IOException {
        var length = new byte[4];
        in.readFully(length);
        var body = new byte[ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt()];
        in.readFully(body);
        return new String(body, StandardCharsets.UTF_8);
    }

    public String ask(String body) throws IOException {
        send(body);
        return receive();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
