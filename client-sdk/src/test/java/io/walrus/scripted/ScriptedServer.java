package io.walrus.scripted;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.walrus.protocol.FrameParser;
import io.walrus.protocol.Reply;
import io.walrus.protocol.ReplyWriter;
import io.walrus.protocol.Request;
import io.walrus.protocol.RequestParser;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Listens on a free loopback port and plays a script for each request. */
public final class ScriptedServer implements AutoCloseable {

    private final NetServer server;
    private final List<Request> received = new CopyOnWriteArrayList<>();
    private final List<Integer> readSizes = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    private ScriptedServer(Vertx vertx, int port, BiConsumer<Conversation, Request> script) {
        server =
                vertx.createNetServer()
                        .connectHandler(
                                socket ->
                                        new Conversation(socket, connections.incrementAndGet())
                                                .play(script));
        await(server.listen(port, "127.0.0.1"));
    }

    /** A server that plays the script for each request. */
    public static ScriptedServer start(Vertx vertx, BiConsumer<Conversation, Request> script) {
        return new ScriptedServer(vertx, 0, script);
    }

    /** The same on a port that was used before. */
    public static ScriptedServer startAt(
            int port, Vertx vertx, BiConsumer<Conversation, Request> script) {
        return new ScriptedServer(vertx, port, script);
    }

    /** A server that answers each request at once. */
    public static ScriptedServer answering(Vertx vertx, Function<Request, Reply> answer) {
        return start(vertx, (conversation, request) -> conversation.reply(answer.apply(request)));
    }

    public int port() {
        return server.actualPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    /** All requests so far, of all connections, in order of arrival. */
    public List<Request> received() {
        return received;
    }

    /** How many requests each read brought that brought any. */
    public List<Integer> readSizes() {
        return readSizes;
    }

    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        await(server.close());
    }

    /** Waits for a future from a plain thread. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException never) {
            throw new AssertionError("no answer", never);
        }
    }

    /** One connection, as the script sees it. */
    public final class Conversation {

        private final NetSocket socket;
        private final int number;
        private final RequestParser parser = new RequestParser(FrameParser.FRAME_BYTES_MAX);

        private Conversation(NetSocket socket, int number) {
            this.socket = socket;
            this.number = number;
        }

        /** Which connection this is, from 1. */
        public int number() {
            return number;
        }

        public void reply(Reply reply) {
            Buffer out = Buffer.buffer();
            ReplyWriter.append(out, reply);
            socket.write(out);
        }

        public void raw(Buffer bytes) {
            socket.write(bytes);
        }

        public void close() {
            socket.close();
        }

        private void play(BiConsumer<Conversation, Request> script) {
            socket.handler(
                    read -> {
                        List<Request> batch = parser.parse(read);
                        if (!batch.isEmpty()) {
                            readSizes.add(batch.size());
                        }
                        for (Request request : batch) {
                            received.add(request);
                            script.accept(this, request);
                        }
                    });
        }
    }
}
