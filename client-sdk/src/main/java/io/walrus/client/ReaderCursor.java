package io.walrus.client;

import io.vertx.core.Future;
import io.walrus.protocol.ErrorCode;
import java.util.Optional;

/**
 * The named cursor of one reader: where it begins, and how far its entries were handed out. It is
 * moved only from where this reader has left it, so that whoever moves it meanwhile is not
 * overruled. One context; one commit is under way at a time.
 */
final class ReaderCursor {

    private final WalrusClient client;
    private final String topic;
    private final String name;
    private Place delivered;

    /** Where it stands as far as this reader knows. */
    private Place committed;

    /** Where the last commit without an answer may have put it; null: there is none. */
    private Place perhaps;

    private boolean isStored;
    private boolean serverSeeks = true;
    private Future<Void> underWay = Future.succeededFuture();

    ReaderCursor(WalrusClient client, String topic, String name) {
        this.client = client;
        this.topic = topic;
        this.name = name;
    }

    /** Where to begin. */
    Future<Place> load() {
        return client.cursors(topic)
                .map(all -> Optional.ofNullable(all.get(name)))
                .recover(ReaderCursor::noneIfNotAsked)
                .compose(
                        stored -> {
                            isStored = stored.isPresent();
                            return stored.map(Future::succeededFuture)
                                    .orElseGet(() -> client.cursor(topic, name));
                        })
                .onSuccess(
                        place -> {
                            delivered = place;
                            committed = place;
                        });
    }

    private static Future<Optional<Place>> noneIfNotAsked(Throwable failure) {
        return ServerLacks.verb(failure)
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(failure);
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

    /** Fails if the cursor does not stand where this reader has left it. */
    Future<Void> look() {
        underWay = underWay.otherwiseEmpty().compose(done -> lookNow());
        return underWay;
    }

    private Future<Void> lookNow() {
        // One that is not stored yet stands at the first entry kept, which may change.
        if (!isStored || !serverSeeks) {
            return Future.succeededFuture();
        }
        return client.cursor(topic, name)
                .compose(
                        place ->
                                place.equals(committed)
                                        ? Future.succeededFuture()
                                        : move(committed));
    }

    private Future<Void> commitNow() {
        Place place = delivered;
        if (place == null || place.equals(committed)) {
            return Future.succeededFuture();
        }
        return serverSeeks ? move(place) : advance(place);
    }

    private Future<Void> move(Place to) {
        return client.seek(topic, name, committed, to)
                .onSuccess(done -> standsAt(to))
                .recover(failure -> onNotMoved(to, failure));
    }

    private Future<Void> onNotMoved(Place to, Throwable failure) {
        if (ServerLacks.verb(failure)) {
            serverSeeks = false;
            return advance(to);
        }
        if (!isMoved(failure)) {
            perhaps = WalrusClientException.mayHaveHappened(failure) ? to : perhaps;
            return Future.failedFuture(failure);
        }
        return client.cursor(topic, name)
                .compose(
                        place -> {
                            if (!isStored && place.equals(committed)) {
                                return advance(to);
                            }
                            if (place.equals(perhaps)) {
                                standsAt(place);
                                return move(to);
                            }
                            return Future.failedFuture(failure);
                        });
    }

    /** Forward from wherever it stands, and creates it. */
    private Future<Void> advance(Place to) {
        return client.commit(topic, name, to).onSuccess(done -> standsAt(to));
    }

    private void standsAt(Place place) {
        committed = place;
        perhaps = null;
        isStored = true;
    }

    private static boolean isMoved(Throwable failure) {
        return failure instanceof WalrusClientException refused
                && refused.errorCode().filter(ErrorCode.CURSOR_MOVED::equals).isPresent();
    }
}
