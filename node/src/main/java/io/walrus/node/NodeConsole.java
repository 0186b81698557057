package io.walrus.node;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.net.ServerSSLOptions;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.node.console.ConsoleVerticle;
import io.walrus.node.observe.EventLog;
import io.walrus.node.observe.NodeMetrics;
import io.walrus.node.observe.NodeReports;
import io.walrus.node.observe.Observatory;
import io.walrus.node.storage.StorageObserver;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.LongSummaryStatistics;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Wires what can be seen of a node over HTTP; without an HTTP port nothing is counted. */
final class NodeConsole {

    /** Deploys a verticle so that the node takes it down when it stops. */
    @FunctionalInterface
    interface Deployer {
        Future<String> deploy(Deployable verticle, ThreadingModel model);
    }

    private final NodeOptions options;
    private final NodeWiring wiring;
    private final LongSupplier clockNanos;
    private final NodeVitals vitals;
    private final EventLog events = new EventLog(System::currentTimeMillis);
    private final NodeMetrics metrics;
    private volatile ConsoleVerticle door;
    private volatile int port = NodeOptions.NO_PORT;

    NodeConsole(NodeOptions options, NodeWiring wiring, LongSupplier clockNanos) {
        this.options = options;
        this.wiring = wiring;
        this.clockNanos = clockNanos;
        this.vitals = new NodeVitals(options, wiring, clockNanos);
        this.metrics = isWanted() ? new NodeMetrics(vitals, events) : null;
    }

    private boolean isWanted() {
        return options.httpPort() != NodeOptions.NO_PORT;
    }

    StorageObserver storageObserver() {
        return isWanted() ? metrics : StorageObserver.NONE;
    }

    /** For STATE and METRICS, which are there without a console too. */
    NodeReports.OpenCounts openCounts() {
        return new NodeReports.OpenCounts() {
            @Override
            public OptionalLong of(TopicMetadata topic, SegmentMetadata segment) {
                return vitals.readableCount(topic, segment);
            }

            @Override
            public LongSummaryStatistics all() {
                return wiring.store().openCounts();
            }
        };
    }

    /** Takes the time of a rollover, successful or not. */
    <T> void timed(CompletionStage<T> rollover) {
        if (isWanted()) {
            long startedNanos = clockNanos.getAsLong();
            rollover.thenRun(() -> metrics.rolledOver(clockNanos.getAsLong() - startedNanos));
        }
    }

    /**
     * Opens the HTTP port, if one is wanted; the log must be open.
     *
     * @param tls the client port's; null: none
     */
    Future<Void> open(Deployer deployer, ServerSSLOptions tls) {
        if (!isWanted()) {
            return Future.succeededFuture();
        }
        events.add("recovery", "opened the log: " + vitals.recovery().summary());
        var verticle =
                new ConsoleVerticle(
                        options.console(),
                        options.httpTls() ? tls : null,
                        new Observatory(vitals, metrics, events, System::currentTimeMillis),
                        this::read,
                        token -> wiring.access().maySeeAll(token),
                        vitals.httpDoor());
        return deployer.deploy(verticle, ThreadingModel.EVENT_LOOP)
                .onSuccess(deployed -> opened(verticle))
                .<Void>mapEmpty()
                .recover(this::cannotListen);
    }

    private void opened(ConsoleVerticle verticle) {
        door = verticle;
        port = verticle.actualPort();
    }

    /** Takes other certificates for connections from now on, if the port speaks TLS. */
    Future<Void> secure(ServerSSLOptions changed) {
        ConsoleVerticle open = door;
        return open == null || !options.httpTls() ? Future.succeededFuture() : open.secure(changed);
    }

    /** The node is a member and serves: what changes from now on are events. */
    void serving() {
        events.onView(vitals::view);
    }

    private Future<Void> cannotListen(Throwable cause) {
        return Future.failedFuture(
                new IllegalStateException(
                        "cannot listen for HTTP on %s:%d: %s; stop what listens there, or choose"
                                        .formatted(
                                                options.httpHost(),
                                                options.httpPort(),
                                                cause.getMessage())
                                + " another --http-port"));
    }

    private void read(Command.Read command, Consumer<Reply> answer) {
        if (!options.tokensFile().isEmpty()) {
            answer.accept(
                    new Reply.Err(
                            ErrorCode.FORBIDDEN,
                            "entries are not shown here while clients need tokens; read them with"
                                    + " 'walrus tail' and a token"));
            return;
        }
        wiring.router()
                .ifPresentOrElse(
                        router -> router.ask(command, false, answer),
                        () ->
                                answer.accept(
                                        new Reply.Err(
                                                ErrorCode.NO_LEADER,
                                                "the node does not serve yet, or no more")));
    }

    /** The port that is listened on; -1 if none. */
    int port() {
        return port;
    }
}
