package io.walrus.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;
import io.walrus.client.WalrusClientOptions;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A client for a thread that may block: one event loop under it, and as little else as possible, to
 * start fast.
 */
final class ServerConnection implements AutoCloseable {

    private final Vertx vertx;
    private final WalrusClientOptions options;
    private final WalrusClient client;

    ServerConnection(WalrusClientOptions options) {
        vertx = plainVertx(1);
        this.options = options;
        client = WalrusClient.create(vertx, options);
    }

    /** A Vert.x that starts fast: some event loops, and as little else as possible. */
    static Vertx plainVertx(int eventLoops) {
        return Vertx.vertx(
                new VertxOptions()
                        .setEventLoopPoolSize(eventLoops)
                        .setWorkerPoolSize(1)
                        .setInternalBlockingPoolSize(1)
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setFileCachingEnabled(false)
                                        .setClassPathResolvingEnabled(false)));
    }

    WalrusClient client() {
        return client;
    }

    /** A client of one other server, with the same options; the caller closes it. */
    WalrusClient clientOf(String address) {
        return WalrusClient.create(vertx, new WalrusClientOptions(options).setAddresses(address));
    }

    /**
     * Sends a command and waits for its reply; ERR and everything worse is a {@link CliFailure}.
     */
    Reply call(Command command) {
        Reply reply = await(client.send(command));
        if (reply instanceof Reply.Err err) {
            throw refused(err);
        }
        return reply;
    }

    /** Sends a command and waits for its reply, ERR included. */
    Reply ask(Command command) {
        return await(client.send(command));
    }

    /** Waits a moment. */
    void pause(long millis) {
        await(vertx.timer(millis, java.util.concurrent.TimeUnit.MILLISECONDS).mapEmpty());
    }

    static CliFailure refused(Reply.Err err) {
        return new CliFailure(ExitCode.REFUSED, "ERR " + err.code() + " " + err.message());
    }

    static <T> T await(Future<T> future) {
        CompletableFuture<T> done = future.toCompletionStage().toCompletableFuture();
        try {
            return done.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof WalrusClientException failure) {
                throw CliFailure.of(failure);
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.UNREACHABLE, "interrupted");
        }
    }

    /** Does not wait: nothing is in flight any more, and a command should end at once. */
    @Override
    public void close() {
        client.close().onComplete(done -> vertx.close());
    }
}
