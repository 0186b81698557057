package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import io.walrus.protocol.TopicName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The verbs as futures of values, over any transport. */
final class VerbClient implements WalrusClient {

    private final Vertx vertx;
    private final CommandTransport transport;

    /** Null where appends are sent as they are. */
    private final OnceAppends appends;

    VerbClient(Vertx vertx, CommandTransport transport) {
        this(vertx, transport, null);
    }

    private VerbClient(Vertx vertx, CommandTransport transport, OnceAppends appends) {
        this.vertx = vertx;
        this.transport = transport;
        this.appends = appends;
    }

    static VerbClient create(Vertx vertx, WalrusClientOptions options) {
        Context home = vertx.getOrCreateContext();
        var transport = TcpTransport.create(vertx, home, options);
        if (!options.isStoredOnce()) {
            return new VerbClient(vertx, transport);
        }
        var leaders =
                new LeaderWays(
                        transport,
                        address -> wayTo(address, vertx, home, transport, options),
                        System::nanoTime,
                        (millis, work) ->
                                vertx.setTimer(
                                        millis, timer -> home.runOnContext(turn -> work.run())));
        var appends = new OnceAppends(vertx, home, transport, leaders, options, System::nanoTime);
        transport.ended().onComplete(ended -> appends.abandon());
        return new VerbClient(vertx, transport, appends);
    }

    private static NodeWay wayTo(
            String address, Vertx vertx, Context home, NodeWay any, WalrusClientOptions options) {
        boolean isTheOnlyOne = options.getAddresses().equals(List.of(address));
        return isTheOnlyOne || !options.isStraightToLeaders()
                ? any
                : TcpTransport.create(
                        vertx,
                        home,
                        new WalrusClientOptions(options)
                                .setAddresses(List.of(address))
                                .setConnectRoundsMax(1));
    }

    @Override
    public Future<Void> register(String topic) {
        return done(new Command.Register(topic));
    }

    @Override
    public Future<Void> put(String topic, Buffer payload) {
        return appends == null
                ? done(new Command.Put(topic, payload))
                : appends.put(new Command.Put(topic, payload));
    }

    @Override
    public Future<Optional<Buffer>> get(String topic) {
        return call(new Command.Get(topic), VerbClient::payload);
    }

    @Override
    public Future<Optional<Entry>> fetch(String topic, int segment, long offset) {
        return call(
                new Command.Fetch(topic, segment, offset),
                reply -> {
                    if (reply instanceof Reply.Fetched fetched) {
                        return Optional.of(
                                new Entry(
                                        segment, offset, fetched.nextOffset(), fetched.payload()));
                    }
                    return nothing(reply);
                });
    }

    @Override
    public Future<Place> append(String topic, Buffer payload) {
        return appends == null
                ? call(new Command.Append(topic, payload), VerbClient::place)
                : appends.append(new Command.Append(topic, payload));
    }

    @Override
    public Future<Place> appendBatch(String topic, List<Buffer> payloads) {
        return appends == null
                ? call(new Command.AppendBatch(topic, payloads), VerbClient::place)
                : appends.append(new Command.AppendBatch(topic, payloads));
    }

    @Override
    public Future<Optional<Buffer>> peek(String topic) {
        return call(new Command.Peek(topic), VerbClient::payload);
    }

    @Override
    public Future<List<Buffer>> getBatch(String topic, int entriesMax, int bytesMax) {
        return call(
                new Command.GetBatch(topic, entriesMax, bytesMax),
                reply -> {
                    if (reply instanceof Reply.Entries taken) {
                        return taken.entries();
                    }
                    return reply instanceof Reply.Empty ? List.of() : unexpected(reply);
                });
    }

    @Override
    public Future<EntryBatch> read(String topic, Place from, int bytesMax) {
        return call(
                new Command.Read(topic, from.segment(), from.offset(), bytesMax),
                reply -> {
                    if (reply instanceof Reply.Batch batch) {
                        return batch(batch);
                    }
                    return reply instanceof Reply.Empty
                            ? new EntryBatch(List.of(), from)
                            : unexpected(reply);
                });
    }

    @Override
    public Future<Place> cursor(String topic, String name) {
        return call(new Command.Cursor(topic, name), VerbClient::place);
    }

    @Override
    public Future<Void> commit(String topic, String name, Place next) {
        return done(new Command.Commit(topic, name, next.segment(), next.offset()));
    }

    @Override
    public Future<Void> seek(String topic, String name, Place from, Place to) {
        return done(
                new Command.Seek(
                        topic, name, from.segment(), from.offset(), to.segment(), to.offset()));
    }

    @Override
    public Future<Map<String, Place>> cursors(String topic) {
        return call(
                new Command.Cursors(topic),
                reply -> {
                    var places = new TreeMap<String, Place>();
                    JsonObject json = json(reply);
                    for (String name : json.fieldNames()) {
                        JsonObject at = json.getJsonObject(name);
                        places.put(name, new Place(at.getInteger("segment"), at.getLong("offset")));
                    }
                    return places;
                });
    }

    @Override
    public Future<Boolean> waitFor(String topic, Place place, int timeoutMillis) {
        return apart(new Command.Wait(topic, place.segment(), place.offset(), timeoutMillis));
    }

    @Override
    public Future<Boolean> waitForShared(String topic, int timeoutMillis) {
        return apart(new Command.Wait(topic, 0, 0, timeoutMillis));
    }

    private Future<Boolean> apart(Command.Wait wait) {
        return read(
                transport.sendApart(wait),
                wait,
                reply -> {
                    if (reply instanceof Reply.Ok) {
                        return true;
                    }
                    return reply instanceof Reply.Empty ? false : unexpected(reply);
                });
    }

    @Override
    public Future<Place> placeAt(String topic, Instant time) {
        return call(new Command.PlaceAt(topic, millisOf(time)), VerbClient::place);
    }

    /** What lies before 1970, or behind what millis can count, is as good as the limit. */
    private static long millisOf(Instant time) {
        long seconds = time.getEpochSecond();
        return seconds < 0
                ? 0
                : seconds >= Long.MAX_VALUE / 1_000 ? Long.MAX_VALUE : time.toEpochMilli();
    }

    @Override
    public Future<Place> end(String topic) {
        return call(new Command.PlaceAt(topic, Long.MAX_VALUE), VerbClient::place);
    }

    @Override
    public Future<List<String>> topics() {
        return call(
                new Command.Topics(),
                reply ->
                        reply instanceof Reply.Json json
                                ? new JsonArray(json.text()).stream().map(String::valueOf).toList()
                                : unexpected(reply));
    }

    @Override
    public Future<Void> delete(String topic) {
        return done(new Command.Delete(topic));
    }

    @Override
    public TopicWriter writer(String topic, TopicWriterOptions options) {
        return new TopicWriter(
                vertx, this, TopicName.check(topic), new TopicWriterOptions(options));
    }

    @Override
    public TopicReader reader(String topic, TopicReaderOptions options) {
        return new TopicReader(
                vertx, this, TopicName.check(topic), new TopicReaderOptions(options));
    }

    @Override
    public TopicTaker taker(String topic, TopicTakerOptions options) {
        return new TopicTaker(vertx, this, TopicName.check(topic), new TopicTakerOptions(options));
    }

    @Override
    public Future<JsonObject> state(String topic) {
        return call(new Command.State(topic), VerbClient::json);
    }

    @Override
    public Future<JsonObject> metrics() {
        return call(new Command.Metrics(), VerbClient::json);
    }

    @Override
    public Future<Reply> send(Command command) {
        return transport.send(command);
    }

    @Override
    public Future<Void> close() {
        return appends == null ? transport.close() : appends.close().eventually(transport::close);
    }

    private Future<Void> done(Command command) {
        return call(command, reply -> reply instanceof Reply.Ok ? null : unexpected(reply));
    }

    private <T> Future<T> call(Command command, Function<Reply, T> read) {
        return read(transport.send(command), command, read);
    }

    private static <T> Future<T> read(
            Future<Reply> answer, Command command, Function<Reply, T> read) {
        return answer.map(
                reply -> {
                    if (reply instanceof Reply.Err err) {
                        throw WalrusClientException.refused(command, err);
                    }
                    try {
                        return read.apply(reply);
                    } catch (UnexpectedReply | DecodeException malformed) {
                        throw WalrusClientException.sent(
                                WalrusClientException.Kind.MALFORMED,
                                command,
                                malformed.getMessage(),
                                malformed);
                    }
                });
    }

    /** The entries are the ones right before the next place, wherever the asked one was. */
    private static EntryBatch batch(Reply.Batch batch) {
        int segment = batch.nextSegment();
        long offset = batch.nextOffset() - batch.entries().size();
        if (offset < 0) {
            return unexpected(batch);
        }
        List<Entry> entries = new ArrayList<>(batch.entries().size());
        for (Buffer payload : batch.entries()) {
            entries.add(new Entry(segment, offset, ++offset, payload));
        }
        return new EntryBatch(entries, new Place(segment, batch.nextOffset()));
    }

    private static Place place(Reply reply) {
        return reply instanceof Reply.Place place
                ? new Place(place.segment(), place.offset())
                : unexpected(reply);
    }

    private static Optional<Buffer> payload(Reply reply) {
        return reply instanceof Reply.OkPayload taken
                ? Optional.of(taken.payload())
                : nothing(reply);
    }

    private static JsonObject json(Reply reply) {
        return reply instanceof Reply.Json json ? new JsonObject(json.text()) : unexpected(reply);
    }

    private static <T> Optional<T> nothing(Reply reply) {
        return reply instanceof Reply.Empty ? Optional.empty() : unexpected(reply);
    }

    private static <T> T unexpected(Reply reply) {
        throw new UnexpectedReply("the transport gave a reply of another verb: " + reply);
    }

    private static final class UnexpectedReply extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnexpectedReply(String message) {
            super(message);
        }
    }
}
