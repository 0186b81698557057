package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A real node in this JVM, on free ports, for one test. */
public final class NodeFixture implements AutoCloseable {

    private static final long SECONDS_MAX = 30;

    private final Vertx vertx = Vertx.vertx();
    private final WalrusNode node;

    private NodeFixture(NodeOptions options) {
        node = WalrusNode.create(vertx, options);
    }

    public static NodeFixture start(Path dir, Consumer<NodeOptions.Draft> change) {
        NodeOptions options =
                NodeOptions.DEFAULTS.with(
                        draft -> {
                            draft.dataDir = dir.toString();
                            draft.clientPort = 0;
                            draft.raftPort = 0;
                            change.accept(draft);
                        });
        var fixture = new NodeFixture(options);
        try {
            await(fixture.node.start());
        } catch (RuntimeException failed) {
            await(fixture.vertx.close());
            throw failed;
        }
        return fixture;
    }

    public static NodeFixture start(Path dir) {
        return start(dir, draft -> {});
    }

    public WalrusNode node() {
        return node;
    }

    public RawClient connect() {
        return RawClient.connect(node.clientPort());
    }

    @Override
    public void close() {
        await(node.stop());
        await(vertx.close());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException late) {
            throw new IllegalStateException(late);
        }
    }
}
