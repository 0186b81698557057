package io.walrus.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;

/**
 * A client of Walrus, the same over TCP and inside a node's process.
 *
 * <p>Any thread may call. Requests of one thread are carried out in the order of its calls, and
 * many may be in flight. A future completes on the Vert.x context of the caller, or on the client's
 * own event loop if the caller has none. It fails with a {@link WalrusClientException}, which says
 * whether a retry is safe and whether the change may have happened. Over TCP, appends are sent
 * again by the client until their time is up and are stored once ({@link
 * WalrusClientOptions#isStoredOnce}); nothing else is ever sent twice. An illegal topic or number
 * throws {@link IllegalArgumentException} at the call.
 */
public interface WalrusClient {

    /**
     * A client over TCP. It connects with the first request, to the first address that is
     * reachable, and again after a loss; what was in flight then fails as {@link
     * WalrusClientException.Kind#CONNECTION_LOST}.
     *
     * <p>Its connection lives on the event loop of the context it is created on. Close it, or leave
     * that to the verticle it is created in: when that is undeployed, what has no reply fails.
     */
    static WalrusClient create(Vertx vertx, WalrusClientOptions options) {
        return VerbClient.create(vertx, new WalrusClientOptions(options));
    }

    /** A client over any transport; closing it closes the transport. */
    static WalrusClient over(Vertx vertx, CommandTransport transport) {
        return new VerbClient(vertx, new CallerContextTransport(vertx, transport));
    }

    /** Creates the topic; succeeds too if it exists. */
    Future<Void> register(String topic);

    /**
     * Appends one entry, empty ones included; completes when the node's promise of durability
     * holds.
     */
    Future<Void> put(String topic, Buffer payload);

    /** Takes the next entry under the topic's shared cursor; empty if there is none yet. */
    Future<Optional<Buffer>> get(String topic);

    /**
     * Reads the entry at a place, moving no cursor; empty if there is none, yet or any more in this
     * segment.
     */
    Future<Optional<Entry>> fetch(String topic, int segment, long offset);

    /** Like {@link #put}, and tells the place of the entry. */
    Future<Place> append(String topic, Buffer payload);

    /**
     * Appends 1 to 2,000 entries, all or nothing, one after the other; tells the place of the
     * first.
     */
    Future<Place> appendBatch(String topic, List<Buffer> payloads);

    /**
     * Looks at the next entry under the topic's shared cursor, which stays; empty if there is none
     * yet.
     */
    Future<Optional<Buffer>> peek(String topic);

    /**
     * Takes up to so many entries under the shared cursor, and up to so many bytes; at least one if
     * there is one.
     */
    Future<List<Buffer>> getBatch(String topic, int entriesMax, int bytesMax);

    /**
     * Reads entries from a place on, moving no cursor, up to so many bytes; at least one if there
     * is one.
     */
    Future<EntryBatch> read(String topic, Place from, int bytesMax);

    /**
     * Where a named cursor stands; one that was never committed stands at the first entry still
     * kept.
     */
    Future<Place> cursor(String topic, String name);

    /** Moves a named cursor forward to the next place its reader wants; going back is refused. */
    Future<Void> commit(String topic, String name, Place next);

    /**
     * Moves a named cursor from where it stands to any other place, back as well: who reads from it
     * next gets again what lies between. A reader that is open does not undo the move: its next
     * commit fails as {@code CURSOR_MOVED}.
     *
     * <p>Errors: refused with {@code CURSOR_MOVED} if the cursor does not stand at {@code from}.
     */
    Future<Void> seek(String topic, String name, Place from, Place to);

    /** Where the topic's named cursors stand, by their names; those that were committed. */
    Future<Map<String, Place>> cursors(String topic);

    /**
     * Waits until there is an entry at a place, or its segment is sealed there: then true; false
     * when the time (0 to 60,000 ms) is up. Other requests do not wait behind it.
     */
    Future<Boolean> waitFor(String topic, Place place, int timeoutMillis);

    /**
     * Waits until there is an entry under the topic's shared cursor: then true; false when the time
     * (0 to 60,000 ms) is up. Other requests do not wait behind it.
     */
    Future<Boolean> waitForShared(String topic, int timeoutMillis);

    /**
     * The first place whose entry was appended at or after a time, by the clock of the node that
     * appended it; the end of the topic if there is none yet.
     */
    Future<Place> placeAt(String topic, Instant time);

    /** The place behind the topic's last entry at this moment. */
    Future<Place> end(String topic);

    /** The names of all topics. */
    Future<List<String>> topics();

    /** Removes the topic and everything in it, for good. */
    Future<Void> delete(String topic);

    /** A stream that appends to the topic, with back-pressure by bytes in flight. */
    default TopicWriter writer(String topic) {
        return writer(topic, new TopicWriterOptions());
    }

    /** Likewise; says how entries are put together. */
    TopicWriter writer(String topic, TopicWriterOptions options);

    /**
     * A stream of the topic's entries from a place or a named cursor on. At the end it waits for
     * more; other requests never wait for it.
     */
    TopicReader reader(String topic, TopicReaderOptions options);

    /**
     * A stream of what lies under the topic's shared cursor, which it moves as {@code GET} does.
     */
    TopicTaker taker(String topic, TopicTakerOptions options);

    /**
     * The topic's entries for any library that speaks Reactive Streams; each subscriber gets a
     * reader of its own, and as many entries as it asks for. Signals come one at a time on the
     * context of that reader. Cancelling ends the reader.
     */
    default Flow.Publisher<Entry> publisher(String topic, TopicReaderOptions options) {
        var own = new TopicReaderOptions(options);
        return subscriber -> ReaderSubscription.start(reader(topic, own), subscriber);
    }

    /** The same client for plain threads that may wait. */
    default BlockingClient blocking() {
        return new BlockingClient(this);
    }

    /** How the topic stands: its segments, their leaders and counts. */
    Future<JsonObject> state(String topic);

    /** How the cluster stands, as the node that is asked sees it. */
    Future<JsonObject> metrics();

    /**
     * Sends any command of the protocol; completes with the reply as it came, an {@link Reply.Err}
     * included.
     */
    Future<Reply> send(Command command);

    /**
     * Accepts nothing more, lets what was accepted finish (its time-outs bound the wait), then
     * disconnects.
     */
    Future<Void> close();
}
