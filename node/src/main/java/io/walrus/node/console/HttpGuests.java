package io.walrus.node.console;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.walrus.node.observe.DoorCounts;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Who is connected to the HTTP port: not too many, and nobody who takes too long to bring a
 * request, a byte now and then included. One event loop.
 *
 * <p>One too many may still ask once, so that it can be told why, and so that whoever restarts
 * nodes gets an answer from a crowded one. Beyond as many of those again a connection is closed at
 * once.
 */
final class HttpGuests {

    private final Vertx vertx;
    private final ConsoleOptions options;
    private final DoorCounts counts;
    private final Map<HttpConnection, Guest> guests = new IdentityHashMap<>();
    private int seated;

    HttpGuests(Vertx vertx, ConsoleOptions options, DoorCounts counts) {
        this.vertx = vertx;
        this.options = options;
        this.counts = counts;
    }

    void welcome(HttpConnection connection) {
        boolean hasSeat = seated < options.connectionsMax();
        if (!hasSeat) {
            counts.refused();
        }
        if (!hasSeat && guests.size() - seated >= options.connectionsMax()) {
            connection.close();
            return;
        }
        var guest = new Guest(connection, hasSeat);
        guests.put(connection, guest);
        seated += hasSeat ? 1 : 0;
        counts.opened();
        connection.closeHandler(gone -> forget(guest));
        guest.awaitRequest();
    }

    private void forget(Guest guest) {
        guest.stopWaiting();
        if (guests.remove(guest.connection) != null) {
            seated -= guest.hasSeat ? 1 : 0;
            counts.closed();
        }
    }

    /**
     * A guest's request is here; the next one is waited for when this one has its answer.
     *
     * @return false if the guest is one too many and goes after this answer
     */
    boolean isSeated(HttpServerRequest request) {
        Guest guest = guests.get(request.connection());
        if (guest == null) {
            return false;
        }
        guest.asked(request);
        return guest.hasSeat;
    }

    /** One connection. */
    private final class Guest {

        private static final long NO_TIMER = -1;

        private final HttpConnection connection;
        private final boolean hasSeat;
        private int unanswered;
        private long timer = NO_TIMER;

        Guest(HttpConnection connection, boolean hasSeat) {
            this.connection = connection;
            this.hasSeat = hasSeat;
        }

        void asked(HttpServerRequest request) {
            stopWaiting();
            unanswered++;
            request.response().endHandler(ended -> answered());
        }

        private void answered() {
            unanswered--;
            if (!hasSeat) {
                vertx.runOnContext(written -> connection.close());
            } else if (unanswered == 0) {
                awaitRequest();
            }
        }

        void awaitRequest() {
            stopWaiting();
            if (guests.get(connection) == this) {
                timer = vertx.setTimer(options.requestMillis(), late -> goLate());
            }
        }

        private void goLate() {
            timer = NO_TIMER;
            counts.late();
            connection.close();
        }

        void stopWaiting() {
            if (timer != NO_TIMER) {
                vertx.cancelTimer(timer);
                timer = NO_TIMER;
            }
        }
    }
}
