package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import java.util.List;

/**
 * One append between its call and its answer, with the number under which it was sent while its
 * outcome is open. After the call it is touched on the client's home context only.
 */
final class OnceAppend {

    /** The same for a server that numbers nothing, and for messages. */
    final Command plain;

    final List<Buffer> entries;
    final long bytes;
    final long deadlineNanos;

    /** Where the answer is given; null if the caller had no context. */
    final Context caller;

    final Promise<Place> promise = Promise.promise();

    /** Its place in its lane. */
    long number;

    /** Why the last try came back; null if it was not tried. */
    WalrusClientException lastFailure;

    private Command.AppendNumbered sent;
    private boolean isOpen;
    private boolean isSettled;

    OnceAppend(
            Command plain, List<Buffer> entries, long bytes, long deadlineNanos, Context caller) {
        this.plain = plain;
        this.entries = entries;
        this.bytes = bytes;
        this.deadlineNanos = deadlineNanos;
        this.caller = caller;
    }

    /** Gives it a segment and a number, to be sent. */
    Command.AppendNumbered numbered(String topic, int segment, long producer, long sequence) {
        sent = new Command.AppendNumbered(topic, segment, producer, sequence, entries);
        return sent;
    }

    /** What was sent, as it was. */
    Command.AppendNumbered sent() {
        return sent;
    }

    /** Whether a try of it may have been stored. */
    boolean isOpen() {
        return isOpen;
    }

    void open() {
        isOpen = true;
    }

    /** No try of it was stored, or will be. */
    void notStored() {
        isOpen = false;
        sent = null;
    }

    /** True the first time. */
    boolean settle() {
        boolean isFirst = !isSettled;
        isSettled = true;
        return isFirst;
    }

    boolean isSettled() {
        return isSettled;
    }

    boolean isDue(long nowNanos) {
        return deadlineNanos - nowNanos <= 0;
    }
}
