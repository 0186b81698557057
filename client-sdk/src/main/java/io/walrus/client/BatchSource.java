package io.walrus.client;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads on from a place: by {@code READ}, and on servers without it entry by entry, asking the
 * topic's state at the end of a segment whether it is sealed there. One context.
 */
final class BatchSource {

    private final WalrusClient client;
    private final String topic;
    private final int bytesMax;
    private boolean serverReadsBatches = true;
    private boolean serverWaits = true;

    BatchSource(WalrusClient client, String topic, int bytesMax) {
        this.client = client;
        this.topic = topic;
        this.bytesMax = bytesMax;
    }

    /** What is there from that place on; an unmoved place says that nothing is. */
    Future<EntryBatch> readFrom(Place place) {
        if (!serverReadsBatches) {
            return fetchFrom(place);
        }
        return orElse(
                client.read(topic, place, bytesMax),
                () -> {
                    serverReadsBatches = false;
                    return fetchFrom(place);
                });
    }

    /** Where a reader with these options begins. */
    Future<Place> start(TopicReaderOptions options) {
        return options.getStartTime()
                .map(
                        time ->
                                time.equals(Instant.MAX)
                                        ? client.end(topic)
                                        : client.placeAt(topic, time))
                .orElseGet(() -> Future.succeededFuture(options.getStart()));
    }

    /** False once the server has said that it has no WAIT. */
    boolean canWait() {
        return serverWaits;
    }

    /** Completes when there may be more at that place, or the time is up. */
    Future<Boolean> waitAt(Place place, int timeoutMillis) {
        return orElse(
                client.waitFor(topic, place, timeoutMillis),
                () -> {
                    serverWaits = false;
                    return Future.succeededFuture(false);
                });
    }

    /** What the server answers, or the other way where it does not know the verb. */
    private static <T> Future<T> orElse(Future<T> asked, Supplier<Future<T>> otherWay) {
        return asked.recover(
                failure ->
                        ServerLacks.verb(failure) ? otherWay.get() : Future.failedFuture(failure));
    }

    private Future<EntryBatch> fetchFrom(Place place) {
        return client.fetch(topic, place.segment(), place.offset())
                .compose(
                        found ->
                                found.map(
                                                entry ->
                                                        Future.succeededFuture(
                                                                new EntryBatch(
                                                                        List.of(entry),
                                                                        new Place(
                                                                                place.segment(),
                                                                                entry
                                                                                        .nextOffset()))))
                                        .orElseGet(() -> afterTheLast(place)));
    }

    private Future<EntryBatch> afterTheLast(Place place) {
        return client.state(topic).map(state -> new EntryBatch(List.of(), nextPlace(state, place)));
    }

    private static Place nextPlace(JsonObject state, Place place) {
        JsonObject sealed = state.getJsonObject("sealed_segments", new JsonObject());
        Long count = sealed.getLong(Integer.toString(place.segment()));
        boolean isReadToItsEnd = count != null && place.offset() >= count;
        return isReadToItsEnd ? new Place(place.segment() + 1, 0) : place;
    }
}
