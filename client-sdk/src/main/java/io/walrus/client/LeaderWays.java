package io.walrus.client;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * A connection to each node that leads something this client writes, beside the one for all other
 * requests. On the home context only.
 *
 * <p>Where a node is, the cluster says ({@code METRICS}). A node that cannot be reached there,
 * since it is behind a translated address perhaps, is written to through any other for a minute.
 */
final class LeaderWays {

    private static final long AVOID_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final NodeWay any;
    private final Function<String, NodeWay> connect;
    private final LongSupplier nanoClock;
    private final Map<Integer, String> addresses = new HashMap<>();
    private final Map<String, NodeWay> ways = new HashMap<>();
    private final Map<NodeWay, Long> avoidedUntil = new HashMap<>();
    private final NodeQuestion.Later later;

    /** Who answered a question last. */
    private NodeWay someone;

    /**
     * @param any the way to whichever node it is
     * @param connect makes the way to an address; may be {@code any}
     * @param later does what it is given later, on the home context
     */
    LeaderWays(
            NodeWay any,
            Function<String, NodeWay> connect,
            LongSupplier nanoClock,
            NodeQuestion.Later later) {
        this.any = any;
        this.someone = any;
        this.later = later;
        this.connect = connect;
        this.nanoClock = nanoClock;
    }

    /** The way to a node; never fails. */
    Future<NodeWay> to(int node) {
        if (addresses.containsKey(node)) {
            return Future.succeededFuture(wayTo(node));
        }
        return ask(new Command.Metrics())
                .map(
                        reply -> {
                            learn(reply);
                            return wayTo(node);
                        })
                .otherwise(any);
    }

    /** Asks whoever answered last, and each second another node until one answers. */
    Future<Reply> ask(Command question) {
        Iterator<NodeWay> ways =
                Stream.concat(
                                Stream.of(someone, any),
                                List.copyOf(addresses.keySet()).stream().map(this::wayTo))
                        .distinct()
                        .iterator();
        return new NodeQuestion(question, ways, way -> someone = way, later).ask();
    }

    private void learn(Reply reply) {
        if (reply instanceof Reply.Json json) {
            try {
                JsonObject nodes =
                        new JsonObject(json.text())
                                .getJsonObject("membership_config", new JsonObject())
                                .getJsonObject("membership", new JsonObject())
                                .getJsonObject("nodes", new JsonObject());
                nodes.forEach(
                        node -> {
                            String address =
                                    ((JsonObject) node.getValue()).getString("client_addr", "");
                            if (!address.isEmpty()) {
                                ServerAddress.parse(address);
                                addresses.put(Integer.valueOf(node.getKey()), address);
                            }
                        });
            } catch (DecodeException | ClassCastException | IllegalArgumentException strange) {
                // a server that says it in another way is asked through any connection
            }
        }
    }

    private NodeWay wayTo(int node) {
        String address = addresses.get(node);
        if (address == null) {
            return any;
        }
        NodeWay way = ways.computeIfAbsent(address, connect);
        Long until = avoidedUntil.get(way);
        return until == null || until - nanoClock.getAsLong() <= 0 ? way : any;
    }

    /** Nobody answered there; its address may have changed. */
    void avoid(NodeWay way) {
        if (way != any) {
            avoidedUntil.put(way, nanoClock.getAsLong() + AVOID_NANOS);
            addresses.clear();
        }
    }

    /** Ends the connections; what is on them has been answered. */
    Future<Void> close() {
        return Future.join(
                        ways.values().stream()
                                .filter(way -> way != any)
                                .map(NodeWay::close)
                                .toList())
                .mapEmpty();
    }
}
