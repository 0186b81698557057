package io.walrus.node.peer;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import io.walrus.metadata.NodeMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Connections to other nodes, for each event loop its own: who calls on one is answered there, and
 * no other thread has to be woken on the way out or back. Any thread may call.
 */
final class PeerPool {

    static final int IN_FLIGHT_MAX = 20_000;
    private static final long PENDING_BYTES_MAX = 64L << 20;

    private final Vertx vertx;
    private final PeerOptions options;
    private final Map<Line, WalrusClient> clients = new ConcurrentHashMap<>();
    private final Map<String, Busy> busyByTopic = new ConcurrentHashMap<>();

    /**
     * One connection.
     *
     * @param loop whose callers it is for; empty: for those who are on none
     * @param index which one of those to that address
     */
    private record Line(String address, Optional<Thread> loop, int index) {}

    /** So many calls of a topic are under way on the lines of a loop. */
    private record Busy(Optional<Thread> loop, int calls) {}

    PeerPool(Vertx vertx, PeerOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    static String addressOf(NodeMetadata node) {
        return node.clientHost() + ":" + node.clientPort();
    }

    /** For a call that may overtake others, and be overtaken. */
    WalrusClient client(NodeMetadata node, String topic) {
        return client(node, topic, currentLoop());
    }

    /**
     * For calls that a topic's other calls of this kind must not overtake: they take the connection
     * that those under way took.
     */
    <T> Future<T> inOrder(NodeMetadata node, String topic, Function<WalrusClient, Future<T>> call) {
        Busy busy =
                busyByTopic.compute(
                        topic,
                        (name, before) ->
                                before == null
                                        ? new Busy(currentLoop(), 1)
                                        : new Busy(before.loop(), before.calls() + 1));
        return call.apply(client(node, topic, busy.loop())).onComplete(ended -> ended(topic));
    }

    private void ended(String topic) {
        busyByTopic.computeIfPresent(
                topic,
                (name, busy) -> busy.calls() == 1 ? null : new Busy(busy.loop(), busy.calls() - 1));
    }

    private static Optional<Thread> currentLoop() {
        return Context.isOnEventLoopThread()
                ? Optional.of(Thread.currentThread())
                : Optional.empty();
    }

    private WalrusClient client(NodeMetadata node, String topic, Optional<Thread> loop) {
        int index = Math.floorMod(topic.hashCode(), options.connectionsPerLoop());
        return clients.computeIfAbsent(new Line(addressOf(node), loop, index), this::connect);
    }

    private WalrusClient connect(Line line) {
        return WalrusClient.create(
                vertx,
                new WalrusClientOptions()
                        .setAddresses(List.of(line.address()))
                        .setNetClientOptions(netOptions())
                        .setToken(options.token())
                        .setConnectRoundsMax(1)
                        .setStoredOnce(false)
                        .setConnectTimeoutMillis(options.connectTimeoutMillis())
                        .setRequestTimeoutMillis(options.requestTimeoutMillis())
                        .setInFlightMax(IN_FLIGHT_MAX)
                        .setPendingMax(IN_FLIGHT_MAX)
                        .setPendingBytesMax(PENDING_BYTES_MAX)
                        .setFrameBytesMax(
                                Math.min(
                                        64 << 20,
                                        options.frameBytesMax() + PeerOptions.HEAD_BYTES_MAX)));
    }

    private NetClientOptions netOptions() {
        ClientSSLOptions tls = options.tls().get();
        return tls == null
                ? new NetClientOptions()
                : new NetClientOptions()
                        .setSsl(true)
                        .setKeyCertOptions(tls.getKeyCertOptions())
                        .setTrustOptions(tls.getTrustOptions())
                        .setHostnameVerificationAlgorithm(tls.getHostnameVerificationAlgorithm());
    }

    /** Calls from now on take new connections; those that are open finish what is under way. */
    void reconnect() {
        var old = List.copyOf(clients.values());
        clients.clear();
        old.forEach(WalrusClient::close);
    }

    /** Closes all connections, after what is under way. */
    Future<Void> close() {
        var closing = new ArrayList<Future<Void>>();
        clients.values().forEach(client -> closing.add(client.close()));
        return Future.join(closing).mapEmpty();
    }
}
