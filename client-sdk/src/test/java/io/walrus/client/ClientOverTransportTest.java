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
import java.util.List;
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

    @Test
    void ownVerbsGiveTheirValues() {
        assertThat(await(over(new Reply.Place(2, 9)).append("t", Buffer.buffer("x"))))
                .isEqualTo(new Place(2, 9));
        assertThat(await(over(new Reply.Place(2, 9)).appendBatch("t", List.of(Buffer.buffer("x")))))
                .isEqualTo(new Place(2, 9));
        assertThat(await(over(new Reply.Place(1, 0)).cursor("t", "me"))).isEqualTo(Place.FIRST);
        assertThat(await(over(Reply.ok()).commit("t", "me", new Place(1, 5)))).isNull();
        assertThat(await(over(Reply.ok()).delete("t"))).isNull();
        assertThat(await(over(new Reply.Json("[\"a\",\"b\"]")).topics())).containsExactly("a", "b");
        assertThat(await(over(Reply.empty()).peek("t"))).isEmpty();
        assertThat(await(over(Reply.empty()).getBatch("t", 10, 1_000))).isEmpty();
        assertThat(
                        await(
                                over(new Reply.Entries(List.of(Buffer.buffer("e"))))
                                        .getBatch("t", 10, 1_000)))
                .containsExactly(Buffer.buffer("e"));
    }

    @Test
    void batchThatBeginsInTheNextSegmentSaysSo() {
        Reply reply = new Reply.Batch(2, 1, List.of(Buffer.buffer("milk")));

        assertThat(await(over(reply).read("t", new Place(1, 2), 1_000)))
                .isEqualTo(
                        new EntryBatch(
                                List.of(new Entry(2, 0, 1, Buffer.buffer("milk"))),
                                new Place(2, 1)));
    }

    @Test
    void batchWithMoreEntriesThanItsPlaceAllowsIsMalformed() {
        Reply reply = new Reply.Batch(2, 0, List.of(Buffer.buffer("milk")));

        assertThat(
                        catchThrowableOfType(
                                        WalrusClientException.class,
                                        () -> await(over(reply).read("t", new Place(1, 2), 1_000)))
                                .kind())
                .isEqualTo(WalrusClientException.Kind.MALFORMED);
    }

    @Test
    void batchOfAReadKnowsTheOffsetsOfItsEntries() {
        Reply reply = new Reply.Batch(3, 9, List.of(Buffer.buffer("a"), Buffer.buffer("b")));

        assertThat(await(over(reply).read("t", new Place(3, 7), 100)))
                .isEqualTo(
                        new EntryBatch(
                                List.of(
                                        new Entry(3, 7, 8, Buffer.buffer("a")),
                                        new Entry(3, 8, 9, Buffer.buffer("b"))),
                                new Place(3, 9)));
        assertThat(await(over(Reply.empty()).read("t", new Place(3, 7), 100)))
                .isEqualTo(new EntryBatch(List.of(), new Place(3, 7)));
    }

    private WalrusClient over(Reply reply) {
        return WalrusClient.over(vertx, transport(Future.succeededFuture(reply)));
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
