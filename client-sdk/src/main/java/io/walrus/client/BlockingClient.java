package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * A {@link WalrusClient} for plain threads, worker threads and virtual ones: every call waits for
 * its answer.
 *
 * <p>A call waits as long as the client's request time-out at most, and throws the {@link
 * WalrusClientException} with which the future would have failed. An interrupt ends the waiting and
 * not the request. On an event loop every call is refused with an {@link IllegalStateException}
 * before anything is sent, because the answer could never come. Closing the client is the client's.
 */
public final class BlockingClient {

    private final WalrusClient client;

    BlockingClient(WalrusClient client) {
        this.client = client;
    }

    /** The client that does not wait. */
    public WalrusClient client() {
        return client;
    }

    /** See {@link WalrusClient#register}. */
    public void register(String topic) {
        requireMayWait();
        await(client.register(topic));
    }

    /** See {@link WalrusClient#put}. */
    public void put(String topic, Buffer payload) {
        requireMayWait();
        await(client.put(topic, payload));
    }

    /** See {@link WalrusClient#append}. */
    public Place append(String topic, Buffer payload) {
        requireMayWait();
        return await(client.append(topic, payload));
    }

    /** See {@link WalrusClient#appendBatch}. */
    public Place appendBatch(String topic, List<Buffer> payloads) {
        requireMayWait();
        return await(client.appendBatch(topic, payloads));
    }

    /** See {@link WalrusClient#get}. */
    public Optional<Buffer> get(String topic) {
        requireMayWait();
        return await(client.get(topic));
    }

    /** See {@link WalrusClient#getBatch}. */
    public List<Buffer> getBatch(String topic, int entriesMax, int bytesMax) {
        requireMayWait();
        return await(client.getBatch(topic, entriesMax, bytesMax));
    }

    /** See {@link WalrusClient#read}. */
    public EntryBatch read(String topic, Place from, int bytesMax) {
        requireMayWait();
        return await(client.read(topic, from, bytesMax));
    }

    /** See {@link WalrusClient#waitFor}; the time to wait comes on top of the request time-out. */
    public boolean waitFor(String topic, Place place, int timeoutMillis) {
        requireMayWait();
        return await(client.waitFor(topic, place, timeoutMillis));
    }

    /** See {@link WalrusClient#placeAt}. */
    public Place placeAt(String topic, Instant time) {
        requireMayWait();
        return await(client.placeAt(topic, time));
    }

    /** See {@link WalrusClient#end}. */
    public Place end(String topic) {
        requireMayWait();
        return await(client.end(topic));
    }

    /** See {@link WalrusClient#cursor}. */
    public Place cursor(String topic, String name) {
        requireMayWait();
        return await(client.cursor(topic, name));
    }

    /** See {@link WalrusClient#commit}. */
    public void commit(String topic, String name, Place next) {
        requireMayWait();
        await(client.commit(topic, name, next));
    }

    /** See {@link WalrusClient#seek}. */
    public void seek(String topic, String name, Place from, Place to) {
        requireMayWait();
        await(client.seek(topic, name, from, to));
    }

    /** See {@link WalrusClient#topics}. */
    public List<String> topics() {
        requireMayWait();
        return await(client.topics());
    }

    /** See {@link WalrusClient#delete}. */
    public void delete(String topic) {
        requireMayWait();
        await(client.delete(topic));
    }

    private static void requireMayWait() {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException(
                    "expected a thread that may wait, called on an event loop: use the futures of"
                            + " WalrusClient there, or executeBlocking");
        }
    }

    private static <T> T await(Future<T> answer) {
        try {
            return answer.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw WalrusClientException.interrupted(interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        }
    }
}
