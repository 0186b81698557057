package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.CommandWriter;
import io.walrus.protocol.Reply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Commands over one TCP connection at a time, to the first address that is reachable.
 *
 * <p>{@link #send} may be called by any thread and only puts the request into an inbox; everything
 * else happens on one context, which takes all that one turn brought and writes it at once.
 * Requests wait here while there is no connection, and none that was written is ever written again.
 */
final class TcpTransport implements NodeWay, TcpSession.Owner {

    private final Vertx vertx;
    private final Context context;
    private final WalrusClientOptions options;
    private final List<SocketAddress> addresses;
    private final NetClient net;
    private final LongSupplier nanoClock;
    private final ReconnectPause pause;
    private final AdmissionGate gate;
    private final ReplyDelivery delivery;
    private final WaitLines lines;
    private final ConnectFailures connectFailures = new ConnectFailures();

    private final Queue<PendingRequest> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean turnIsComing = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Promise<Void> ended = Promise.promise();
    private final VerticleEnd verticleEnd;
    private volatile Future<Void> linesEnded = Future.succeededFuture();

    // From here on: read and written on the context only.
    private final Deque<PendingRequest> waiting = new ArrayDeque<>();
    private TcpSession session;
    private boolean connecting;
    private boolean ending;
    private boolean timerIsSet;
    private long timerId;
    private long timerDueNanos;
    private int addressIndex;
    private int failedRounds;
    private long heardNanos;
    private long lastDeadlineNanos;

    static TcpTransport create(Vertx vertx, Context home, WalrusClientOptions options) {
        return new TcpTransport(
                vertx, options, System::nanoTime, RandomGenerator.getDefault(), home);
    }

    private TcpTransport(
            Vertx vertx,
            WalrusClientOptions options,
            LongSupplier nanoClock,
            RandomGenerator random,
            Context context) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.addresses = options.socketAddresses();
        this.net =
                vertx.createNetClient(
                        new NetClientOptions(options.getNetClientOptions())
                                .setConnectTimeout(options.getConnectTimeoutMillis()));
        this.nanoClock = nanoClock;
        this.pause =
                new ReconnectPause(
                        options.getReconnectPauseMillisMin(),
                        options.getReconnectPauseMillisMax(),
                        random);
        this.gate = new AdmissionGate(options.getPendingMax(), options.getPendingBytesMax());
        this.delivery = new ReplyDelivery(context, gate);
        this.lines =
                new WaitLines(() -> new TcpTransport(vertx, options, nanoClock, random, context));
        this.verticleEnd = VerticleEnd.of(context, this::endWithVerticle);
    }

    @Override
    public Future<Reply> send(Command command) {
        return send(command, options.getRequestTimeoutMillis());
    }

    @Override
    public Future<Reply> sendTry(Command command) {
        return send(command, (options.getRequestTimeoutMillis() + 1) / 2);
    }

    private Future<Reply> send(Command command, long patienceMillis) {
        long bytes = CommandWriter.bodyBytesMax(command);
        if (bytes > Math.max(options.getFrameBytesMax(), CommandWriter.SMALL_BODY_BYTES_MAX)) {
            return refuse(
                    Kind.INVALID,
                    "a request has at most "
                            + options.getFrameBytesMax()
                            + " bytes (frameBytesMax); came: "
                            + bytes
                            + "; send smaller entries");
        }
        if (!gate.tryEnter(bytes)) {
            askForATurnIfEnding();
            return refuse(
                    Kind.OVERLOADED,
                    gate + " wait for an answer already; wait for some before you go on");
        }
        // Looked at after the gate: close() waits for all that passed it.
        if (closed.get()) {
            gate.leave(bytes);
            askForATurnIfEnding();
            return refuse(Kind.CLOSED, "the client is closed");
        }
        PendingRequest request =
                new PendingRequest(
                        command,
                        bytes,
                        nanoClock.getAsLong(),
                        patienceMillis,
                        Vertx.currentContext());
        inbox.add(request);
        askForATurn();
        return request.promise.future();
    }

    /** On a connection that has no other request at that time. */
    @Override
    public Future<Reply> sendApart(Command.Wait command) {
        return lines.send(command);
    }

    /** Ends at once: what has no reply fails. */
    Future<Void> closeNow() {
        closed.set(true);
        context.runOnContext(
                turn -> {
                    takeTurn();
                    ending = true;
                    waiting.forEach(
                            request ->
                                    delivery.fail(
                                            request,
                                            WalrusClientException.notSent(
                                                    Kind.CLOSED, "the client is closed", null)));
                    waiting.clear();
                    delivery.flush();
                    if (session != null) {
                        session.abandon("the client is closed", null);
                    }
                    pump();
                });
        return ended.future();
    }

    private void endWithVerticle() {
        linesEnded = lines.close();
        closeNow();
    }

    /** Completes when nothing is sent any more: closed, or ended with its verticle. */
    Future<Void> ended() {
        return ended.future();
    }

    @Override
    public Future<Void> close() {
        if (closed.compareAndSet(false, true)) {
            linesEnded = lines.close();
            context.runOnContext(
                    turn -> {
                        ending = true;
                        takeTurn();
                    });
        }
        return ended.future().eventually(() -> linesEnded);
    }

    @Override
    public void onReplies(TcpSession from) {
        failedRounds = 0;
        heardNanos = nanoClock.getAsLong();
        pump();
    }

    @Override
    public void onWritable(TcpSession from) {
        pump();
    }

    @Override
    public void onLost(TcpSession from, String why, Throwable cause) {
        if (from == session) {
            session = null;
        }
        String whyThere = why + " (" + from.address() + ")";
        connectFailures.lost(from.address(), why);
        if (!from.hasHeard()) {
            failedRounds++;
        }
        failInFlight(from, whyThere, cause);
        failNumbered(whyThere, cause);
        pump();
    }

    private static Future<Reply> refuse(Kind kind, String message) {
        return Future.failedFuture(WalrusClientException.notSent(kind, message, null));
    }

    /** The end waits for an empty gate, and a refused request may just have stood in it. */
    private void askForATurnIfEnding() {
        if (closed.get()) {
            askForATurn();
        }
    }

    private void askForATurn() {
        if (turnIsComing.compareAndSet(false, true)) {
            context.runOnContext(turn -> takeTurn());
        }
    }

    private void takeTurn() {
        turnIsComing.set(false);
        takeInbox();
        pump();
    }

    private void takeInbox() {
        for (PendingRequest request = inbox.poll(); request != null; request = inbox.poll()) {
            setDeadline(request);
            waiting.add(request);
        }
    }

    /** Does what can be done now: write, connect, watch the clock, end. */
    private void pump() {
        if (session != null) {
            session.write(waiting);
        } else if (!waiting.isEmpty() && !connecting) {
            connectSoon();
        }
        watchTheClock();
        if (ending && gate.isEmpty()) {
            end();
        }
    }

    private void end() {
        if (ended.future().isComplete()) {
            return;
        }
        verticleEnd.cancel();
        TcpSession last = session;
        session = null;
        if (last != null) {
            last.abandon("the client is closed", null);
        }
        net.close().onComplete(done -> ended.tryComplete());
    }

    private void connectSoon() {
        connecting = true;
        if (failedRounds == 0) {
            connect(0);
        } else {
            vertx.setTimer(pause.millis(failedRounds), timer -> connect(0));
        }
    }

    private void connect(int tried) {
        if (waiting.isEmpty()) {
            connecting = false;
            failedRounds = 0;
            return;
        }
        SocketAddress address = addresses.get(addressIndex);
        net.connect(address)
                .onComplete(
                        socket -> onConnected(socket, address),
                        failure -> onConnectFailed(address, failure, tried));
    }

    private void onConnected(NetSocket socket, SocketAddress address) {
        if (ended.future().isComplete()) {
            socket.close();
            return;
        }
        TcpSession fresh =
                new TcpSession(
                        socket, address.toString(), options.getInFlightMax(), delivery, this);
        fresh.start();
        connecting = false;
        heardNanos = nanoClock.getAsLong();
        session = fresh;
        if (!options.getToken().isEmpty()) {
            authenticate(fresh);
        }
        pump();
    }

    private void authenticate(TcpSession fresh) {
        Deque<PendingRequest> first = new ArrayDeque<>();
        PendingRequest auth =
                new PendingRequest(
                        new Command.Auth(options.getToken()),
                        0,
                        nanoClock.getAsLong(),
                        options.getRequestTimeoutMillis(),
                        context);
        gate.tryEnter(0);
        setDeadline(auth);
        first.add(auth);
        fresh.write(first);
    }

    private void onConnectFailed(SocketAddress address, Throwable failure, int tried) {
        connectFailures.refused(address.toString(), failure);
        addressIndex = (addressIndex + 1) % addresses.size();
        if (tried + 1 < addresses.size()) {
            connect(tried + 1);
            return;
        }
        failedRounds++;
        connecting = false;
        if (options.getConnectRoundsMax() > 0 && failedRounds >= options.getConnectRoundsMax()) {
            failedRounds = 0;
            failWaiting(failure);
        }
        pump();
    }

    private void failWaiting(Throwable cause) {
        for (PendingRequest request = waiting.poll(); request != null; request = waiting.poll()) {
            delivery.fail(request, cannotConnect(cause));
        }
        delivery.flush();
    }

    private void failInFlight(TcpSession from, String why, Throwable cause) {
        Deque<PendingRequest> orphans = from.inFlight();
        for (PendingRequest request = orphans.poll(); request != null; request = orphans.poll()) {
            delivery.fail(
                    request,
                    WalrusClientException.sent(Kind.CONNECTION_LOST, request.command, why, cause));
        }
        delivery.flush();
    }

    /** They must not pass those that were in flight. */
    private void failNumbered(String why, Throwable cause) {
        takeInbox();
        waiting.removeIf(
                request -> {
                    boolean isNumbered = request.command instanceof Command.AppendNumbered;
                    if (isNumbered) {
                        delivery.fail(
                                request,
                                WalrusClientException.notSent(Kind.CONNECTION_LOST, why, cause));
                    }
                    return isNumbered;
                });
        delivery.flush();
    }

    private void setDeadline(PendingRequest request) {
        long millis = request.patienceMillis;
        if (request.command instanceof Command.Wait wait) {
            millis += wait.timeoutMillis();
        }
        long deadline = request.calledNanos + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean isBehindOthers =
                !waiting.isEmpty() || session != null && !session.inFlight().isEmpty();
        // Replies come in order, so nobody can be due before the one in front (think of a WAIT).
        request.deadlineNanos =
                isBehindOthers && lastDeadlineNanos - deadline > 0 ? lastDeadlineNanos : deadline;
        lastDeadlineNanos = request.deadlineNanos;
    }

    private void watchTheClock() {
        PendingRequest next = firstDue();
        if (next == null || timerIsSet && timerDueNanos - next.deadlineNanos <= 0) {
            return;
        }
        if (timerIsSet) {
            vertx.cancelTimer(timerId);
        }
        timerIsSet = true;
        timerDueNanos = next.deadlineNanos;
        long nanos = next.deadlineNanos - nanoClock.getAsLong();
        timerId =
                vertx.setTimer(
                        Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1),
                        timer -> {
                            timerIsSet = false;
                            expire();
                            pump();
                        });
    }

    private PendingRequest firstDue() {
        return session != null && !session.inFlight().isEmpty()
                ? session.inFlight().peek()
                : waiting.peek();
    }

    private void expire() {
        long now = nanoClock.getAsLong();
        if (session != null && isDue(session.inFlight().peek(), now)) {
            giveUpSilent(session, now);
        }
        while (isDue(waiting.peek(), now)) {
            PendingRequest request = waiting.poll();
            delivery.fail(request, session == null ? cannotConnect(null) : notSentInTime());
        }
        delivery.flush();
    }

    /**
     * A server that is silent for so long may be gone without a word: the next request goes
     * elsewhere, if it can.
     */
    private void giveUpSilent(TcpSession silent, long nowNanos) {
        String why = "no reply in time (" + silent.address() + ")";
        while (isDue(silent.inFlight().peek(), nowNanos)) {
            PendingRequest request = silent.inFlight().poll();
            delivery.fail(
                    request,
                    WalrusClientException.sent(Kind.TIMED_OUT, request.command, why, null));
        }
        addressIndex = (addressIndex + 1) % addresses.size();
        silent.abandon("an earlier request had no reply in time", null);
    }

    @Override
    public void leaveIfSilent(long millis) {
        PendingRequest oldest = session == null ? null : session.inFlight().peek();
        if (oldest == null) {
            return;
        }
        long now = nanoClock.getAsLong();
        long silentNanos = Math.min(now - heardNanos, now - oldest.calledNanos);
        if (silentNanos >= TimeUnit.MILLISECONDS.toNanos(millis)) {
            addressIndex = (addressIndex + 1) % addresses.size();
            session.abandon("silent for " + millis + " ms, while other nodes answer", null);
        }
    }

    private static boolean isDue(PendingRequest request, long nowNanos) {
        return request != null && request.deadlineNanos - nowNanos <= 0;
    }

    private WalrusClientException cannotConnect(Throwable cause) {
        return WalrusClientException.notSent(
                Kind.CANNOT_CONNECT,
                "cannot connect to "
                        + String.join(", ", options.getAddresses())
                        + ": "
                        + connectFailures,
                cause);
    }

    private WalrusClientException notSentInTime() {
        return WalrusClientException.notSent(
                Kind.TIMED_OUT,
                "waited "
                        + options.getRequestTimeoutMillis()
                        + " ms behind other requests and was not sent",
                null);
    }
}
