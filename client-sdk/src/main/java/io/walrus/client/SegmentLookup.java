package io.walrus.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.Optional;

/**
 * Asks the cluster where a topic's appends go, and where they went. On the home context only;
 * failures are {@link WalrusClientException}s.
 */
final class SegmentLookup {

    /** The open segment, and the way to the node that leads it, or to any node. */
    record Found(int segment, NodeWay way) {}

    private final String topic;
    private final LeaderWays leaders;

    SegmentLookup(String topic, LeaderWays leaders) {
        this.topic = topic;
        this.leaders = leaders;
    }

    /** Where the next append goes. */
    Future<Found> look() {
        var question = new Command.State(topic);
        return leaders.ask(question).transform(answer -> found(question, answer));
    }

    private Future<Found> found(Command.State question, AsyncResult<Reply> answer) {
        if (answer.succeeded() && answer.result() instanceof Reply.Json json) {
            int segment = number(json, "current_segment");
            if (segment > 0) {
                return leaders.to(number(json, "leader_node")).map(way -> new Found(segment, way));
            }
        }
        return Future.failedFuture(OnceFailures.of(question, answer));
    }

    private static int number(Reply.Json state, String key) {
        try {
            return new JsonObject(state.text()).getInteger(key, 0);
        } catch (DecodeException | ClassCastException strange) {
            return 0;
        }
    }

    /** Where that was stored; empty if it is not in its segment and never will be. */
    Future<Optional<Place>> find(Command.AppendNumbered tried) {
        var question = new Command.Find(topic, tried.segment(), tried.producer(), tried.sequence());
        return leaders.ask(question).transform(answer -> placeIn(question, answer));
    }

    private static Future<Optional<Place>> placeIn(
            Command.Find question, AsyncResult<Reply> answer) {
        if (answer.succeeded() && answer.result() instanceof Reply.Place place) {
            return Future.succeededFuture(Optional.of(new Place(place.segment(), place.offset())));
        }
        return answer.succeeded() && answer.result() instanceof Reply.Empty
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(OnceFailures.of(question, answer));
    }
}
