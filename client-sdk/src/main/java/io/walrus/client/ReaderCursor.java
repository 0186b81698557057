package io.walrus.client;

import io.vertx.core.Future;

/**
 * The named cursor of one reader: where it begins, and how far its entries were handed out. One
 * context; one commit is under way at a time.
 */
final class ReaderCursor {

    private final WalrusClient client;
    private final String topic;
    private final String name;
    private Place delivered;
    private Place committed;
    private Future<Void> underWay = Future.succeededFuture();

    ReaderCursor(WalrusClient client, String topic, String name) {
        this.client = client;
        this.topic = topic;
        this.name = name;
    }

    /** Where to begin. */
    Future<Place> load() {
        return client.cursor(topic, name)
                .onSuccess(
                        place -> {
                            delivered = place;
                            committed = place;
                        });
    }

    /** The handler has returned from the entry in front of that place. */
    void delivered(Place next) {
        delivered = next;
    }

    /** Stores the newest place behind the commit under way; nothing to store is done at once. */
    Future<Void> commit() {
        underWay = underWay.otherwiseEmpty().compose(done -> commitNow());
        return underWay;
    }

    private Future<Void> commitNow() {
        Place place = delivered;
        if (place == null || place.equals(committed)) {
            return Future.succeededFuture();
        }
        return client.commit(topic, name, place).onSuccess(done -> committed = place);
    }
}
