package io.walrus.metadata.raft;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network between members that can be cut: each member is reached through a port of this, which
 * looks at the hello to know who calls. What is cut swallows bytes and closes nothing, as a real
 * partition does; healing closes what was cut.
 */
final class Network {
    private static final Pattern CALLER = Pattern.compile("\"nodeId\":(\\d+)");

    private final Vertx vertx;
    private final NetClient client;
    private final Map<Integer, Integer> ports = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> targets = new ConcurrentHashMap<>();
    private final Set<Integer> cut = ConcurrentHashMap.newKeySet();
    private volatile long delayMillis;
    private final Set<Pipe> pipes = ConcurrentHashMap.newKeySet();

    private static final class Pipe {
        private final int called;
        private final NetSocket in;
        private NetSocket out;
        private int caller;
        private boolean swallowed;

        Pipe(int called, NetSocket in) {
            this.called = called;
            this.in = in;
        }
    }

    Network(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createNetClient();
    }

    /** The port under which the node is reached. */
    int portOf(int node) {
        return ports.computeIfAbsent(node, this::listen);
    }

    void connect(int node, int realPort) {
        targets.put(node, realPort);
    }

    /** Nobody hears the node, and it hears nobody. */
    void cut(int node) {
        cut.add(node);
    }

    void heal(int node) {
        cut.remove(node);
        for (Pipe pipe : pipes) {
            if (pipe.swallowed) {
                pipe.in.close();
                if (pipe.out != null) {
                    pipe.out.close();
                }
            }
        }
    }

    /** From now on everything takes that much longer, each way. */
    void delay(long millis) {
        delayMillis = millis;
    }

    private void later(Runnable task) {
        if (delayMillis == 0) {
            task.run();
        } else {
            vertx.setTimer(delayMillis, due -> task.run());
        }
    }

    private int listen(int node) {
        NetServer server = vertx.createNetServer();
        server.connectHandler(socket -> accept(node, socket));
        return Members.await(
                server.listen(0, "127.0.0.1").map(NetServer::actualPort).toCompletionStage());
    }

    private void accept(int called, NetSocket in) {
        Pipe pipe = new Pipe(called, in);
        pipes.add(pipe);
        in.pause();
        in.closeHandler(
                gone -> {
                    pipes.remove(pipe);
                    if (pipe.out != null) {
                        pipe.out.close();
                    }
                });
        client.connect(targets.getOrDefault(called, 1), "127.0.0.1")
                .onSuccess(out -> join(pipe, out))
                .onFailure(failure -> in.close());
    }

    private void join(Pipe pipe, NetSocket out) {
        pipe.out = out;
        out.closeHandler(gone -> pipe.in.close());
        out.handler(bytes -> pass(pipe, pipe.in, bytes));
        pipe.in.handler(
                bytes -> {
                    if (pipe.caller == 0) {
                        Matcher caller = CALLER.matcher(bytes.toString());
                        pipe.caller = caller.find() ? Integer.parseInt(caller.group(1)) : 0;
                    }
                    pass(pipe, out, bytes);
                });
        pipe.in.resume();
    }

    private void pass(Pipe pipe, NetSocket to, Buffer bytes) {
        if (cut.contains(pipe.called) || cut.contains(pipe.caller)) {
            pipe.swallowed = true;
        } else if (!pipe.swallowed) {
            later(() -> to.write(bytes));
        }
    }
}
