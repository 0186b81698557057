package io.walrus.cli.load;

import io.vertx.core.Future;
import io.walrus.client.WalrusClient;

/** One request of a load. Called on the session's event loop. */
interface Operation {

    /** The topic has nothing more. */
    Outcome NOTHING_THERE = new Outcome(0, 0);

    /** What a request that was answered did. */
    record Outcome(int entries, long bytes) {}

    /** Sends the client's request of that sequence. */
    Future<Outcome> send(WalrusClient client, int clientNumber, int sequence);
}
