package io.walrus.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Entries of a writer that share a request, and one acknowledgement. Guarded by the writer. */
final class WriterBatch {

    private final TopicWriterOptions options;
    private final List<Buffer> entries = new ArrayList<>();
    private final Promise<Void> acknowledged = Promise.promise();
    private long bytes;
    private long weight;

    WriterBatch(TopicWriterOptions options) {
        this.options = options;
    }

    void add(Buffer payload, long entryWeight) {
        entries.add(payload);
        bytes += payload.length();
        weight += entryWeight;
    }

    boolean hasRoomFor(Buffer payload) {
        return entries.size() < options.getBatchEntriesMax()
                && (entries.isEmpty() || bytes + payload.length() <= options.getBatchBytesMax());
    }

    boolean isFull() {
        return entries.size() == options.getBatchEntriesMax()
                || bytes >= options.getBatchBytesMax();
    }

    List<Buffer> entries() {
        return entries;
    }

    /** What its entries weigh in the writer's queue. */
    long weight() {
        return weight;
    }

    /** The one future of all its entries. */
    Future<Void> future() {
        return acknowledged.future();
    }

    /** Tells all who wrote the entries; null: stored. */
    void settle(Throwable cause) {
        if (cause == null) {
            acknowledged.complete();
        } else {
            acknowledged.fail(cause);
        }
    }
}
