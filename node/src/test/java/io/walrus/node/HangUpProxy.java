package io.walrus.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in front of a port and hangs up: each connection passes all requests on, and so many bytes
 * of replies; the replies behind them are lost.
 */
final class HangUpProxy implements AutoCloseable {

    private final int target;
    private final int replyBytesMax;
    private final ServerSocket server;
    private final AtomicInteger hangUps = new AtomicInteger();

    /**
     * @param replyBytesMax after so many bytes of replies a connection ends
     */
    HangUpProxy(int target, int replyBytesMax) {
        this.target = target;
        this.replyBytesMax = replyBytesMax;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        daemon(this::listen);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    int hangUps() {
        return hangUps.get();
    }

    private void listen() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                daemon(() -> pass(near, far, Integer.MAX_VALUE));
                daemon(() -> pass(far, near, replyBytesMax));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to, int bytesMax) {
        var bytes = new byte[256];
        int left = bytesMax;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            int read;
            while (left > 0 && (read = in.read(bytes, 0, Math.min(left, bytes.length))) > 0) {
                to.getOutputStream().write(bytes, 0, read);
                left -= read;
            }
            if (left == 0) {
                hangUps.incrementAndGet();
            }
        } catch (IOException broken) {
            // the other direction has hung up
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "hang-up-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException gone) {
            // it is closed
        }
    }
}
