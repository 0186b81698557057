package io.walrus.metadata.raft;

import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.walrus.metadata.codec.MetadataCodec;
import io.walrus.metadata.codec.MetadataFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * This member's connection to another one: opened on demand, opened again after it broke, calls in
 * the order they were made.
 *
 * <p>Any thread may call; nothing blocks. One lock guards the state and the pending calls, held for
 * the length of a map access or of handing bytes to the socket. Answers complete on whatever thread
 * brought them, often an event loop: hop before doing anything that takes time.
 */
final class MemberLink {
    private static final int PENDING_MAX = 10_000;
    private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String host;
    private final int port;
    private final Connector connector;
    private final MemberPolicy policy;
    private final String secret;
    private final Supplier<String> challenges;
    private final ScheduledExecutorService timer;
    private final Executor work;
    private final Runnable onOpen;
    private final long connectTimeoutMillis;
    private final MetadataCodec codec = new MetadataCodec();

    private final Object lock = new Object();
    private final AtomicLong callIds = new AtomicLong();
    private final Map<Long, Pending> pending = new HashMap<>();
    private State state = State.IDLE;
    private Attempt attempt;
    private long failedNanos;
    private String lastFailure = "";

    private enum State {
        IDLE,
        OPENING,
        OPEN,
        FAILED,
        CLOSED
    }

    /**
     * A call that waits for its answer; its frame waits for the connection while that is opening.
     */
    private record Pending(
            PortFrame frame,
            CompletableFuture<PortFrame> answer,
            ScheduledFuture<?> timeout,
            Attempt attempt,
            long calledNanos) {}

    /** How a connection is opened. */
    interface Connector {

        /**
         * Opens one, and tells on the context of the socket before anything was read from it: the
         * other side speaks first.
         */
        void connect(int port, String host, Handler<AsyncResult<NetSocket>> opened);
    }

    /** One attempt at a connection; what belongs to an older one is ignored. */
    private static final class Attempt {
        private final PortFrame.Parser parser = new PortFrame.Parser();
        private final String challenge;
        private NetSocket socket;
        private boolean greeted;
        private volatile long lastReadNanos = System.nanoTime();

        Attempt(String challenge) {
            this.challenge = challenge;
        }
    }

    MemberLink(
            String host,
            int port,
            Connector connector,
            MemberPolicy policy,
            String secret,
            Supplier<String> challenges,
            ScheduledExecutorService timer,
            Executor work,
            long connectTimeoutMillis,
            Runnable onOpen) {
        this.host = host;
        this.port = port;
        this.connector = connector;
        this.policy = policy;
        this.secret = secret;
        this.challenges = challenges;
        this.timer = timer;
        this.work = work;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.onOpen = onOpen;
    }

    /**
     * Whether a call would be sent or wait for a connection that is being opened; false for a
     * moment after a failed attempt.
     */
    boolean isUsable() {
        synchronized (lock) {
            return ensureOpening();
        }
    }

    /** Sends a request; the answer, or a {@link PortException}. */
    CompletableFuture<PortFrame> call(String name, byte[] body, long timeoutMillis) {
        CompletableFuture<PortFrame> answer = new CompletableFuture<>();
        synchronized (lock) {
            if (!ensureOpening()) {
                String why = host + ":" + port + " cannot be reached: " + lastFailure;
                return failed(answer, PortException.Kind.NOT_SENT, why);
            }
            if (pending.size() >= PENDING_MAX) {
                return failed(
                        answer,
                        PortException.Kind.NOT_SENT,
                        PENDING_MAX + " calls to " + host + ":" + port + " wait for an answer");
            }
            long id = callIds.incrementAndGet();
            PortFrame frame = new PortFrame(PortFrame.REQUEST, id, name, body);
            ScheduledFuture<?> timeout =
                    timer.schedule(() -> timedOut(id), timeoutMillis, TimeUnit.MILLISECONDS);
            pending.put(id, new Pending(frame, answer, timeout, attempt, System.nanoTime()));
            if (state == State.OPEN) {
                attempt.socket.write(frame.encoded());
            }
        }
        return answer;
    }

    /** Breaks the connection; it opens again with the next call. */
    void reset(String why) {
        Attempt current;
        synchronized (lock) {
            current = attempt;
        }
        if (current != null) {
            broken(current, why);
        }
    }

    void close() {
        Attempt current;
        synchronized (lock) {
            current = attempt;
            state = State.CLOSED;
        }
        if (current != null) {
            broken(current, "this member stops");
        }
    }

    private boolean ensureOpening() {
        if (state == State.FAILED && System.nanoTime() - failedNanos < BACKOFF_NANOS) {
            return false;
        }
        if (state == State.IDLE || state == State.FAILED) {
            open();
        }
        return state != State.CLOSED;
    }

    private void open() {
        Attempt opening = new Attempt(challenges.get());
        attempt = opening;
        state = State.OPENING;
        connector.connect(
                port,
                host,
                done -> {
                    if (done.succeeded()) {
                        connected(opening, done.result());
                    } else {
                        broken(opening, done.cause().getMessage());
                    }
                });
        timer.schedule(() -> openingTimedOut(opening), connectTimeoutMillis, TimeUnit.MILLISECONDS);
    }

    private void openingTimedOut(Attempt opening) {
        boolean late;
        synchronized (lock) {
            late = attempt == opening && state == State.OPENING;
        }
        if (late) {
            broken(opening, "no hello within " + connectTimeoutMillis + " ms");
        }
    }

    private void connected(Attempt opening, NetSocket socket) {
        synchronized (lock) {
            if (attempt != opening || state != State.OPENING) {
                socket.close();
                return;
            }
            opening.socket = socket;
        }
        socket.handler(bytes -> read(opening, bytes));
        socket.exceptionHandler(failure -> broken(opening, failure.toString()));
        socket.closeHandler(closed -> broken(opening, "the connection was closed"));
    }

    private void read(Attempt from, Buffer bytes) {
        from.lastReadNanos = System.nanoTime();
        from.parser.add(bytes);
        try {
            PortFrame frame = from.parser.next(PortFrame.BYTES_MAX);
            while (frame != null) {
                if (from.greeted) {
                    answered(frame);
                } else {
                    greet(from, frame);
                }
                frame = from.parser.next(PortFrame.BYTES_MAX);
            }
        } catch (IllegalArgumentException | MetadataFormatException e) {
            broken(from, "not understood: " + e.getMessage());
        }
    }

    private void greet(Attempt from, PortFrame frame) {
        if (frame.kind() == PortFrame.FAILURE) {
            broken(from, "refused: " + frame.text());
        } else if (frame.name().equals(PortNames.CHALLENGE)) {
            String theirs = codec.decode("challenge", String.class, frame.body());
            Hello hello =
                    Hello.from(Hello.Side.CALLER, policy.self(), from.challenge, theirs, secret);
            byte[] body = codec.encode("hello", hello);
            from.socket.write(new PortFrame(PortFrame.REQUEST, 0, PortNames.HELLO, body).encoded());
        } else {
            welcomed(from, codec.decode("hello", Hello.class, frame.body()));
        }
    }

    private void welcomed(Attempt from, Hello hello) {
        if (!hello.isProved(Hello.Side.CALLED, from.challenge, secret)) {
            broken(from, "the shared secret is not the same");
            return;
        }
        boolean isKnown =
                policy.self().clusterId().isEmpty()
                        || policy.standing(hello) == MemberPolicy.Standing.MEMBER;
        if (!isKnown) {
            broken(
                    from,
                    "store " + hello.storeId() + " of node " + hello.nodeId() + " is no member");
            return;
        }
        synchronized (lock) {
            if (attempt != from || state != State.OPENING) {
                return;
            }
            from.greeted = true;
            state = State.OPEN;
            List<Long> inOrder = new ArrayList<>(pending.keySet());
            inOrder.sort(Long::compare);
            inOrder.forEach(id -> from.socket.write(pending.get(id).frame().encoded()));
        }
        work.execute(onOpen);
    }

    private void answered(PortFrame frame) {
        Pending call;
        synchronized (lock) {
            call = pending.remove(frame.callId());
        }
        if (call == null) {
            return;
        }
        call.timeout().cancel(false);
        if (frame.kind() == PortFrame.FAILURE) {
            failed(call.answer(), PortException.Kind.FAILED, frame.text());
        } else {
            call.answer().complete(frame);
        }
    }

    /**
     * No answer. If nothing at all came in since the call was made, the connection may be dead
     * without anybody having said so, and the next call shall find a fresh one. One that is still
     * being opened has a time of its own: on a slow way a fresh attempt would come no further.
     */
    private void timedOut(long id) {
        Pending call;
        boolean isOpen;
        synchronized (lock) {
            call = pending.remove(id);
            isOpen = state == State.OPEN;
        }
        if (call == null) {
            return;
        }
        if (isOpen && call.attempt().lastReadNanos - call.calledNanos() < 0) {
            broken(call.attempt(), "no answer to " + call.frame().name() + " in time");
        }
        failed(
                call.answer(),
                isOpen ? PortException.Kind.NO_ANSWER : PortException.Kind.NOT_SENT,
                "no answer to " + call.frame().name() + " from " + host + ":" + port + " in time");
    }

    private void broken(Attempt which, String why) {
        List<Pending> lost;
        boolean wasSent;
        synchronized (lock) {
            if (attempt != which) {
                return;
            }
            wasSent = state == State.OPEN || state == State.CLOSED;
            attempt = null;
            failedNanos = System.nanoTime();
            lastFailure = why;
            if (state != State.CLOSED) {
                state = wasSent ? State.IDLE : State.FAILED;
            }
            lost = new ArrayList<>(pending.values());
            pending.clear();
        }
        if (which.socket != null) {
            which.socket.close();
        }
        PortException.Kind kind =
                wasSent ? PortException.Kind.NO_ANSWER : PortException.Kind.NOT_SENT;
        for (Pending call : lost) {
            call.timeout().cancel(false);
            failed(call.answer(), kind, host + ":" + port + ": " + why);
        }
    }

    private static CompletableFuture<PortFrame> failed(
            CompletableFuture<PortFrame> answer, PortException.Kind kind, String why) {
        answer.completeExceptionally(new PortException(kind, why));
        return answer;
    }
}
