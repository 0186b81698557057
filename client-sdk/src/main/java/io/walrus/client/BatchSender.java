package io.walrus.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Sends batches in order: as one request each, and to servers without {@code APPENDB} entry by
 * entry. Until the first batch is answered the next ones wait, so that none overtakes a batch that
 * has to be sent in another way. Any thread; the lock guards the state and the order of sending.
 */
final class BatchSender {

    private enum Known {
        NOTHING,
        ASKED,
        TAKES_BATCHES,
        TAKES_SINGLES
    }

    private record Held(List<Buffer> entries, Promise<Void> done) {}

    private final WalrusClient client;
    private final String topic;
    private final Queue<Held> held = new ArrayDeque<>();
    private Known known = Known.NOTHING;

    BatchSender(WalrusClient client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    /** Completes when all of them are stored; fails with what the server, or the client, said. */
    synchronized Future<Void> send(List<Buffer> entries) {
        if (known == Known.ASKED) {
            Promise<Void> done = Promise.promise();
            held.add(new Held(entries, done));
            return done.future();
        }
        if (entries.size() == 1 || known == Known.TAKES_SINGLES) {
            return oneByOne(entries);
        }
        if (known == Known.TAKES_BATCHES) {
            return client.appendBatch(topic, entries).mapEmpty();
        }
        known = Known.ASKED;
        return client.appendBatch(topic, entries)
                .<Void>mapEmpty()
                .transform(answer -> onFirstAnswer(entries, answer));
    }

    private Future<Void> onFirstAnswer(List<Buffer> entries, AsyncResult<Void> answer) {
        if (ServerLacks.verb(answer.cause())) {
            return goOn(Known.TAKES_SINGLES, entries);
        }
        if (answer.succeeded()) {
            return goOn(Known.TAKES_BATCHES, List.of());
        }
        refuseHeld(answer.cause());
        return Future.failedFuture(answer.cause());
    }

    /** Sends again what the server could not take, and then what waited. */
    private synchronized Future<Void> goOn(Known found, List<Buffer> again) {
        known = found;
        Future<Void> sentAgain = again.isEmpty() ? Future.succeededFuture() : oneByOne(again);
        for (Held next = held.poll(); next != null; next = held.poll()) {
            send(next.entries()).onComplete(next.done());
        }
        return sentAgain;
    }

    /** Nothing is sent behind a gap that is known. */
    private void refuseHeld(Throwable cause) {
        List<Held> refused;
        synchronized (this) {
            known = Known.NOTHING;
            refused = List.copyOf(held);
            held.clear();
        }
        refused.forEach(batch -> batch.done().fail(cause));
    }

    private Future<Void> oneByOne(List<Buffer> entries) {
        if (entries.size() == 1) {
            return client.put(topic, entries.get(0));
        }
        return Future.join(entries.stream().map(entry -> client.put(topic, entry)).toList())
                .mapEmpty();
    }
}
