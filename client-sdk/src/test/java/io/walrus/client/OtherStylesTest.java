package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.scripted.ScriptedLog;
import io.walrus.scripted.ScriptedServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client for threads that wait, and for libraries of Reactive Streams. */
class OtherStylesTest {

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedLog log = new ScriptedLog();

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void blockingCallsWaitForTheirAnswerAndThrowItsFailure() {
        BlockingClient client = client().blocking();
        client.register("t");
        client.put("t", Buffer.buffer("a"));

        assertThat(client.get("t")).contains(Buffer.buffer("a"));
        assertThat(client.get("t")).isEmpty();
        assertThat(client.topics()).containsExactly("t");
        assertThatThrownBy(() -> client.put("other", Buffer.buffer("a")))
                .isInstanceOf(WalrusClientException.class)
                .hasMessageContaining("unknown topic");
    }

    @Test
    void blockingCallsAreRefusedOnAnEventLoopBeforeAnythingIsSent() {
        BlockingClient client = client().blocking();
        client.register("t");
        Promise<Throwable> refused = Promise.promise();
        vertx.runOnContext(
                turn -> {
                    try {
                        client.put("t", Buffer.buffer("a"));
                        refused.fail("it was not refused");
                    } catch (IllegalStateException expected) {
                        refused.complete(expected);
                    }
                });

        assertThat(await(refused.future())).hasMessageContaining("event loop");
        assertThat(log.entries("t")).isEmpty();
        assertThat(await(vertx.executeBlocking(() -> client.get("t")))).isEmpty();
    }

    @Test
    void anInterruptEndsTheWaitingAndSaysThatItMayHaveHappened() throws InterruptedException {
        ScriptedServer silent = ScriptedServer.start(vertx, (conversation, request) -> {});
        BlockingClient client = client(silent).blocking();
        AtomicReference<Throwable> told = new AtomicReference<>();
        Thread waiting =
                new Thread(
                        () -> {
                            try {
                                client.put("t", Buffer.buffer("a"));
                            } catch (WalrusClientException failure) {
                                told.set(failure);
                            }
                        });
        waiting.start();
        waiting.interrupt();
        waiting.join();

        assertThat(told.get())
                .isInstanceOfSatisfying(
                        WalrusClientException.class,
                        failure -> {
                            assertThat(failure.kind())
                                    .isEqualTo(WalrusClientException.Kind.INTERRUPTED);
                            assertThat(failure.mayHaveHappened()).isTrue();
                            assertThat(failure.mayRetry()).isFalse();
                        });
    }

    @Test
    void aSubscriberGetsWhatItAskedForAndNoMore() {
        log.with("t", "a", "b", "c");
        var subscriber = new Collecting();
        client().publisher("t", new TopicReaderOptions().setEndingAtEnd(true))
                .subscribe(subscriber);
        subscriber.subscription.get().request(2);
        Awaitility.await().until(() -> subscriber.entries.size() == 2);
        assertThat(subscriber.entries).containsExactly("a", "b");
        assertThat(subscriber.end.get()).isNull();

        subscriber.subscription.get().request(5);
        Awaitility.await().until(() -> subscriber.end.get() != null);
        assertThat(subscriber.entries).containsExactly("a", "b", "c");
        assertThat(subscriber.end.get()).isEqualTo("complete");
    }

    @Test
    void aSubscriberIsToldOfAFailureAndOfABadDemandOnce() {
        var lost = new Collecting();
        client().publisher("nowhere", new TopicReaderOptions()).subscribe(lost);
        lost.subscription.get().request(1);
        Awaitility.await().until(() -> lost.end.get() != null);
        assertThat(lost.end.get()).contains("unknown topic");

        log.with("t", "a");
        var wrong = new Collecting();
        client().publisher("t", new TopicReaderOptions()).subscribe(wrong);
        wrong.subscription.get().request(0);
        Awaitility.await().until(() -> wrong.end.get() != null);
        assertThat(wrong.end.get()).contains("a demand is at least 1");
        wrong.subscription.get().request(1);
        assertThat(wrong.entries).isEmpty();
    }

    @Test
    void aSubscriberThatCancelsHearsNothingMore() {
        log.with("t", "a", "b", "c");
        var subscriber = new Collecting();
        WalrusClient client = client();
        client.publisher("t", new TopicReaderOptions()).subscribe(subscriber);
        subscriber.subscription.get().request(1);
        Awaitility.await().until(() -> subscriber.entries.size() == 1);
        subscriber.subscription.get().cancel();
        subscriber.subscription.get().request(2);
        await(client.put("t", Buffer.buffer("d")));
        assertThat(subscriber.entries).containsExactly("a");
        assertThat(subscriber.end.get()).isNull();
    }

    private WalrusClient client() {
        return client(
                ScriptedServer.start(
                        vertx, (conversation, request) -> conversation.reply(log.apply(request))));
    }

    private WalrusClient client(ScriptedServer server) {
        return WalrusClient.create(
                vertx, new WalrusClientOptions().setAddresses(List.of(server.address())));
    }

    private static final class Collecting implements Flow.Subscriber<Entry> {
        private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
        private final List<String> entries = new CopyOnWriteArrayList<>();
        private final AtomicReference<String> end = new AtomicReference<>();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.set(given);
        }

        @Override
        public void onNext(Entry entry) {
            entries.add(entry.payload().toString());
        }

        @Override
        public void onError(Throwable failure) {
            end.set(failure.getMessage());
        }

        @Override
        public void onComplete() {
            end.set("complete");
        }
    }
}
