package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.walrus.client.WalrusClient;
import io.walrus.metadata.raft.RaftStatus;
import io.walrus.wal.RecoveryReport;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A node inside a Vert.x application: the door for embedding.
 *
 * <pre>{@code
 * WalrusNode node = WalrusNode.create(vertx, NodeOptions.DEFAULTS);
 * node.start().onSuccess(started -> connectTo(started.clientPort()));
 * }</pre>
 *
 * <p>Any thread may call; nothing blocks. Two nodes in one JVM share nothing. After {@link #stop}
 * no thread, port, lock or file handle of the node is left, and another node may be created on the
 * same directory.
 */
public final class WalrusNode {

    private static final long HAND_OVER_MILLIS_MAX = 3_000;

    private enum Life {
        NEW,
        STARTED,
        STOPPED
    }

    private final NodeWiring wiring;
    private final NodeOptions options;
    private final AtomicReference<Life> life = new AtomicReference<>(Life.NEW);

    private WalrusNode(Vertx vertx, NodeOptions options) {
        this.wiring = new NodeWiring(vertx, options);
        this.options = options;
    }

    /** A node that does nothing yet. */
    public static WalrusNode create(Vertx vertx, NodeOptions options) {
        return new WalrusNode(vertx, options);
    }

    /**
     * Opens the directory, listens, joins or founds the cluster; completes when requests are
     * served. Once per instance. A failure leaves nothing behind.
     */
    public Future<WalrusNode> start() {
        if (!life.compareAndSet(Life.NEW, Life.STARTED)) {
            return Future.failedFuture(
                    new IllegalStateException(
                            "a node starts once; create another one on the same directory"));
        }
        return wiring.start()
                .map(this)
                .recover(
                        failure -> {
                            life.set(Life.STOPPED);
                            return wiring.stop().transform(cleaned -> Future.failedFuture(failure));
                        });
    }

    /**
     * Hands over to other live nodes what this one leads, which takes a moment and three seconds at
     * most; then takes no more requests, finishes what is under way and closes everything. May be
     * called twice.
     */
    public Future<Void> stop() {
        if (life.getAndSet(Life.STOPPED) != Life.STARTED) {
            return Future.succeededFuture();
        }
        // Of no context: whoever closes Vert.x behind it would wait for a thread that is gone.
        return Future.<Void>succeededFuture()
                .compose(begun -> wiring.handOver(HAND_OVER_MILLIS_MAX))
                .eventually(wiring::stop);
    }

    /** Like {@link #stop}, and leaves it to the others to notice: for when they stop too. */
    Future<Void> stopAtOnce() {
        return life.getAndSet(Life.STOPPED) == Life.STARTED
                ? wiring.stop()
                : Future.succeededFuture();
    }

    /**
     * Completes when the node has left its cluster because a client asked it to ({@code LEAVE}):
     * stop it then.
     */
    public Future<Void> left() {
        return wiring.left();
    }

    /**
     * Fails, with the cause, when a part of the node has stopped by itself: a damaged disk under
     * the metadata, a state that differs from the other nodes', or the node was removed from its
     * cluster while it was cut off. Nothing is acknowledged any more then; stop the node. Never
     * completes otherwise.
     */
    public Future<Void> failure() {
        return wiring.failure();
    }

    /**
     * A client of this node in its own process: the interface that TCP clients have, without a
     * connection. What holds for one connection holds for it: order, limits, and answers on the
     * caller's context. Closing it closes nothing else; it ends with the node.
     *
     * @throws IllegalStateException before {@link #start} has completed
     */
    public WalrusClient client() {
        WalrusClient client = life.get() == Life.STARTED ? wiring.client() : null;
        if (client == null) {
            throw new IllegalStateException(
                    "node %d: expected a started node, this one has not started or is stopped"
                            .formatted(options.nodeId()));
        }
        return client;
    }

    /**
     * The node that {@link NodeVerticle} runs on this Vert.x under an id; empty if there is none.
     */
    public static Optional<WalrusNode> deployed(Vertx vertx, int nodeId) {
        return NodeVerticle.find(vertx, nodeId);
    }

    /** The options that it was created with. */
    public NodeOptions options() {
        return options;
    }

    /**
     * The port that clients connect to; known when {@link #start} has completed. 0 if there is
     * none.
     */
    public int clientPort() {
        return wiring.clientPort();
    }

    /** The HTTP port; known when {@link #start} has completed, -1 if none was wanted. */
    public int httpPort() {
        return wiring.httpPort();
    }

    /** Client connections that are open at this moment. */
    public int connections() {
        return wiring.clientDoor().open();
    }

    /** The metadata port; known when {@link #start} has completed. */
    public int raftPort() {
        return wiring.metadata().actualPort();
    }

    /** How the metadata cluster stands, as this node knows it. */
    public RaftStatus raftStatus() {
        return wiring.metadata().status();
    }

    /** What opening the log found and cut. */
    public RecoveryReport recovery() {
        return wiring.store().recovery();
    }
}
