package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vertx.core.Vertx;
import io.walrus.protocol.Reply;
import io.walrus.scripted.ScriptedServer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The blocking client on virtual threads, where the JVM has them (21). */
class VirtualThreadsTest {

    /** More than the JVM would ever start carriers for threads that cannot let go of theirs. */
    private static final int CALLERS = 1_000;

    private static final int PATIENCE_SECONDS = 60;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void aThousandCallersWaitAtTheSameTime() throws Exception {
        ExecutorService threads = virtualThreads();
        var arrived = new AtomicInteger();
        ScriptedServer server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> {
                            if (arrived.incrementAndGet() == CALLERS) {
                                for (int i = 0; i < CALLERS; i++) {
                                    conversation.reply(Reply.empty());
                                }
                            }
                        });
        WalrusClient client =
                WalrusClient.create(
                        vertx,
                        new WalrusClientOptions()
                                .setAddresses(server.address())
                                .setRequestTimeoutMillis(PATIENCE_SECONDS * 1_000));
        BlockingClient blocking = client.blocking();
        Callable<Optional<?>> call = () -> blocking.get("t");

        List<Future<Optional<?>>> answers =
                threads.invokeAll(
                        Collections.nCopies(CALLERS, call), PATIENCE_SECONDS, TimeUnit.SECONDS);

        for (Future<Optional<?>> answer : answers) {
            assertThat(answer.get()).isEmpty();
        }
        assertThat(arrived).hasValue(CALLERS);
        threads.shutdownNow();
    }

    /** By its name: the build compiles for 17. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            abort("this JVM has no virtual threads");
        }
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
