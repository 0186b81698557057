package io.walrus.it.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/**
 * Stands in front of one port of one node and passes bytes on, unless told otherwise: swallow them
 * by direction and caller, delay them, or break all connections off. What is swallowed closes
 * nothing, as on a real network; healing resets the connections that lost bytes.
 */
final class TcpProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final int node;
    private final int target;
    private final Faults faults;
    private final IntUnaryOperator nodeOfPort;
    private final ServerSocket server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    /** What happens to bytes on their way from one node to another; 0 is no node. */
    interface Faults {
        boolean swallows(int from, int to);

        long delayMillis();
    }

    /** One connection: two sockets and a thread for each direction. */
    private final class Link {
        private final Socket near;
        private final Socket far;
        private final int caller;
        private volatile boolean hasLostBytes;

        Link(Socket near, Socket far, int caller) {
            this.near = near;
            this.far = far;
            this.caller = caller;
        }

        void pump(Socket from, Socket to, boolean isRequest) {
            var bytes = new byte[BUFFER_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                int read;
                while ((read = in.read(bytes)) > 0) {
                    long delay = faults.delayMillis();
                    if (delay > 0) {
                        LockSupport.parkNanos(delay * 1_000_000);
                    }
                    if (swallows(isRequest)) {
                        hasLostBytes = true;
                        if (!swallows(isRequest)) {
                            // Whoever healed meanwhile may not have seen that bytes are lost.
                            reset();
                        }
                    }
                    if (!hasLostBytes) {
                        out.write(bytes, 0, read);
                    }
                }
            } catch (IOException broken) {
                // the other side went away
            }
            if (!hasLostBytes) {
                end();
            }
        }

        private boolean swallows(boolean isRequest) {
            return isRequest ? faults.swallows(caller, node) : faults.swallows(node, caller);
        }

        void end() {
            closeQuietly(near);
            closeQuietly(far);
            links.remove(this);
        }

        /** The peer sees a reset instead of an end. */
        void reset() {
            try {
                near.setSoLinger(true, 0);
                far.setSoLinger(true, 0);
            } catch (IOException gone) {
                // it is gone already
            }
            end();
        }
    }

    /**
     * @param nodeOfPort which node a local port belongs to; 0 if none
     */
    TcpProxy(int node, int target, Faults faults, IntUnaryOperator nodeOfPort) throws IOException {
        this.node = node;
        this.target = target;
        this.faults = faults;
        this.nodeOfPort = nodeOfPort;
        this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        daemon(this::listen, "proxy-" + node);
    }

    int port() {
        return server.getLocalPort();
    }

    private void listen() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                daemon(() -> join(near), "proxy-" + node + "-link");
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket near) {
        try {
            int caller = nodeOfPort.applyAsInt(near.getPort());
            near.setTcpNoDelay(true);
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            far.setTcpNoDelay(true);
            var link = new Link(near, far, caller);
            links.add(link);
            daemon(() -> link.pump(far, near, false), "proxy-" + node + "-back");
            link.pump(near, far, true);
        } catch (IOException refused) {
            closeQuietly(near);
        }
    }

    /** Breaks off the connections that lost bytes: their ends would wait for ever. */
    void healed() {
        links.stream().filter(link -> link.hasLostBytes).forEach(Link::reset);
    }

    void resetAll() {
        links.forEach(Link::reset);
    }

    private static void daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // it is gone already
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        links.forEach(Link::end);
    }
}
