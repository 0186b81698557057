package io.walrus.client;

import io.vertx.core.Future;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;

/** A way to a node that may hang: it takes requests and answers none. */
interface NodeWay extends CommandTransport {

    /**
     * Sends a command that is sent again elsewhere if it gets no reply: it is given up after half
     * of the usual time, so that there is time for another try.
     */
    Future<Reply> sendTry(Command command);

    /**
     * Gives up the connection if answers are due on it and none has come for so long; what is on it
     * fails as one that was lost. On the home context only.
     */
    void leaveIfSilent(long millis);
}
