package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;

/**
 * A request between its call and its answer. The deadline is set and read on the connection's
 * context only.
 */
final class PendingRequest {

    final Command command;
    final long bytes;
    final long calledNanos;

    /** How long it may take, what it asks the server to wait not counted. */
    final long patienceMillis;

    /** Where the answer is given; null if the caller had no context. */
    final Context caller;

    final Promise<Reply> promise = Promise.promise();
    long deadlineNanos;

    PendingRequest(
            Command command, long bytes, long calledNanos, long patienceMillis, Context caller) {
        this.command = command;
        this.bytes = bytes;
        this.calledNanos = calledNanos;
        this.patienceMillis = patienceMillis;
        this.caller = caller;
    }
}
