package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.scripted.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerticleEndTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void aClientEndsWithTheVerticleThatCreatedIt() {
        ScriptedServer server = ScriptedServer.start(vertx, (conversation, request) -> {});
        AtomicReference<WalrusClient> created = new AtomicReference<>();
        VerticleBase owner =
                new VerticleBase() {
                    @Override
                    public Future<?> start() throws Exception {
                        created.set(
                                WalrusClient.create(
                                        vertx,
                                        new WalrusClientOptions()
                                                .setStoredOnce(false)
                                                .setAddresses(server.address())));
                        return super.start();
                    }
                };
        String id = await(vertx.deployVerticle(owner));
        Future<Void> unanswered = created.get().put("t", Buffer.buffer("x"));
        Future<Boolean> waiting = created.get().waitFor("t", new Place(1, 0), 60_000);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> server.received().size() == 2);

        await(vertx.undeploy(id));

        assertThat(failureOf(unanswered).mayHaveHappened()).isTrue();
        assertThat(failureOf(waiting)).isNotNull();
        assertThat(failureOf(created.get().put("t", Buffer.buffer("x"))).kind())
                .isEqualTo(WalrusClientException.Kind.CLOSED);
        await(created.get().close());
    }

    @Test
    void aClosedClientLeavesNothingBehindThatCouldHoldUpItsVerticle() {
        WalrusClient client =
                WalrusClient.create(vertx, new WalrusClientOptions().setAddresses("127.0.0.1:1"));
        await(client.close());
        await(client.close());
    }

    private static WalrusClientException failureOf(Future<?> future) {
        return catchThrowableOfType(WalrusClientException.class, () -> await(future));
    }
}
