package io.walrus.metadata.raft;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The metadata port: one server on one address, and one connection to each other member.
 *
 * <p>Any thread; nothing blocks. Requests are handled, and answers completed, on the given
 * executor.
 */
final class MemberPort {
    private static final System.Logger LOG = System.getLogger(MemberPort.class.getName());
    private static final long HELLO_TIMEOUT_MILLIS = 2_000;
    private static final int SESSIONS_MAX = 256;

    private final Vertx vertx;
    private final MemberPolicy policy;
    private final String secret;
    private final ScheduledExecutorService timer;
    private final Executor work;
    private final long connectTimeoutMillis;
    private final NetServer server;
    private final NetClient client;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Consumer<PortCall>> handlers = new ConcurrentHashMap<>();
    private final Map<String, MemberLink> links = new ConcurrentHashMap<>();
    private final Set<PortSession> sessions = ConcurrentHashMap.newKeySet();
    private final List<Consumer<String>> openListeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    MemberPort(
            Vertx vertx,
            MemberPolicy policy,
            String secret,
            ScheduledExecutorService timer,
            Executor work,
            int connectTimeoutMillis) {
        this.policy = policy;
        this.secret = secret;
        this.timer = timer;
        this.work = work;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.vertx = vertx;
        this.server =
                vertx.createNetServer(
                        new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true));
        this.client =
                vertx.createNetClient(
                        new NetClientOptions()
                                .setTcpNoDelay(true)
                                .setConnectTimeout(connectTimeoutMillis));
        server.connectHandler(this::accept);
    }

    /** Binds the server to that address and no other; the port it got. */
    Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(NetServer::actualPort);
    }

    /** Says who handles the requests of that name, on the port's executor. */
    void handle(String name, Consumer<PortCall> handler) {
        handlers.put(name, handler);
    }

    /**
     * Hears the address, {@code host:port}, of every connection that was opened from here, on the
     * port's executor.
     */
    void onOpen(Consumer<String> listener) {
        openListeners.add(listener);
    }

    /** Whether a call to that address has a chance; starts connecting if need be. */
    boolean isUsable(String address) {
        return !closed && link(address).isUsable();
    }

    /**
     * Sends a request to that address, {@code host:port}; the answer, or a {@link PortException}.
     */
    CompletableFuture<PortFrame> call(
            String address, String name, byte[] body, long timeoutMillis) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new PortException(PortException.Kind.NOT_SENT, "this member is stopped"));
        }
        try {
            return link(address).call(name, body, timeoutMillis);
        } catch (IllegalArgumentException | RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new PortException(PortException.Kind.NOT_SENT, String.valueOf(e.getMessage())));
        }
    }

    /** Breaks the connection to that address; the next call opens it again. */
    void reset(String address, String why) {
        MemberLink link = links.get(address);
        if (link != null) {
            link.reset(why);
        }
    }

    /** Closes server and connections; completes when the port is free again. */
    Future<Void> close() {
        closed = true;
        links.values().forEach(MemberLink::close);
        sessions.forEach(PortSession::close);
        return server.close().eventually(client::close);
    }

    private MemberLink link(String address) {
        return links.computeIfAbsent(address, this::newLink);
    }

    private MemberLink newLink(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("expected host:port, found " + address);
        }
        return new MemberLink(
                address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1)),
                this::connect,
                policy,
                secret,
                this::challenge,
                timer,
                this::answer,
                connectTimeoutMillis,
                () -> openListeners.forEach(listener -> listener.accept(address)));
    }

    /**
     * On a context, because who connects from a thread of his own may be told late: what the other
     * side says first has been read by then, and nobody heard it. A client that was closed
     * meanwhile throws, and who waits for the connection shall hear that.
     */
    void connect(int port, String host, Handler<AsyncResult<NetSocket>> opened) {
        vertx.runOnContext(
                now ->
                        Future.<NetSocket>future(
                                        socket -> client.connect(port, host).onComplete(socket))
                                .onComplete(opened));
    }

    private void accept(NetSocket socket) {
        if (closed || sessions.size() >= SESSIONS_MAX) {
            socket.close();
            return;
        }
        PortSession session = new PortSession(socket, policy, secret, challenge(), this::dispatch);
        sessions.add(session);
        socket.closeHandler(gone -> sessions.remove(session));
        session.start();
        timer.schedule(() -> dismissIfSilent(session), HELLO_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void dismissIfSilent(PortSession session) {
        if (!session.isGreeted()) {
            session.close();
        }
    }

    private void dispatch(PortCall call) {
        Consumer<PortCall> handler = handlers.get(call.name());
        if (handler == null) {
            call.fail("nobody here answers " + call.name());
            return;
        }
        try {
            work.execute(() -> run(handler, call));
        } catch (RejectedExecutionException e) {
            call.fail("this member is stopping or overloaded");
        }
    }

    private static void run(Consumer<PortCall> handler, PortCall call) {
        try {
            handler.accept(call);
        } catch (RuntimeException | AssertionError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "handling " + call.name() + " from " + call.session().remote() + " failed",
                    e);
            call.fail("failed: " + e);
        }
    }

    private void answer(Runnable task) {
        try {
            work.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private String challenge() {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
