package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientOverTransportTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void replyFromAnotherThreadIsBroughtToTheContextOfTheCaller() {
        Promise<Reply> reply = Promise.promise();
        WalrusClient client = WalrusClient.over(vertx, transport(reply.future()));
        Promise<Boolean> same = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(
                turn ->
                        client.put("t", Buffer.buffer("x"))
                                .onComplete(
                                        done -> same.complete(Vertx.currentContext() == context)));
        context.runOnContext(turn -> new Thread(() -> reply.complete(Reply.ok())).start());

        assertThat(await(same.future())).isTrue();
    }

    @Test
    void failureOfTheTransportIsTheFailureOfTheVerb() {
        WalrusClientException lost =
                WalrusClientException.sent(
                        WalrusClientException.Kind.CONNECTION_LOST,
                        new Command.Get("t"),
                        "gone",
                        null);
        WalrusClient client = WalrusClient.over(vertx, transport(Future.failedFuture(lost)));

        assertThat(catchThrowableOfType(WalrusClientException.class, () -> await(client.get("t"))))
                .isSameAs(lost);
    }

    @Test
    void replyOfAnotherVerbIsMalformed() {
        WalrusClient client =
                WalrusClient.over(vertx, transport(Future.succeededFuture(new Reply.Place(1, 2))));

        assertThat(
                        catchThrowableOfType(
                                        WalrusClientException.class, () -> await(client.get("t")))
                                .kind())
                .isEqualTo(WalrusClientException.Kind.MALFORMED);
        assertThat(
                        catchThrowableOfType(
                                        WalrusClientException.class, () -> await(client.metrics()))
                                .kind())
                .isEqualTo(WalrusClientException.Kind.MALFORMED);
    }

    @Test
    void brokenJsonIsMalformed() {
        WalrusClient client =
                WalrusClient.over(
                        vertx, transport(Future.succeededFuture(new Reply.Json("{nope"))));

        assertThat(
                        catchThrowableOfType(
                                        WalrusClientException.class, () -> await(client.metrics()))
                                .kind())
                .isEqualTo(WalrusClientException.Kind.MALFORMED);
    }

    private static CommandTransport transport(Future<Reply> reply) {
        return new CommandTransport() {
            @Override
            public Future<Reply> send(Command command) {
                return reply;
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        };
    }
}
