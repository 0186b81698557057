package io.walrus.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.Optional;
import java.util.function.Function;

/** The verbs as futures of values, over any transport. */
final class VerbClient implements WalrusClient {

    private final CommandTransport transport;

    VerbClient(CommandTransport transport) {
        this.transport = transport;
    }

    @Override
    public Future<Void> register(String topic) {
        return done(new Command.Register(topic));
    }

    @Override
    public Future<Void> put(String topic, Buffer payload) {
        return done(new Command.Put(topic, payload));
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
        return transport.close();
    }

    private Future<Void> done(Command command) {
        return call(command, reply -> reply instanceof Reply.Ok ? null : unexpected(reply));
    }

    private <T> Future<T> call(Command command, Function<Reply, T> read) {
        return transport
                .send(command)
                .map(
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
