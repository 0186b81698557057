package io.walrus.client;

import io.vertx.core.Future;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;

/**
 * The way from a client to whoever carries out commands: a TCP connection, or a node in the same
 * process.
 *
 * <p>Called from any thread. Commands of one calling thread are carried out in the order of the
 * calls.
 */
public interface CommandTransport {

    /**
     * Sends one command.
     *
     * <p>Completes with the reply, a {@link Reply.Err} included, on any thread; fails with a {@link
     * WalrusClientException} when there is no reply. Payload buffers belong to the transport until
     * then.
     */
    Future<Reply> send(Command command);

    /**
     * Sends a command whose reply may take long by design, so that no other reply waits behind it;
     * else like {@link #send}. Closing does not wait for it.
     */
    default Future<Reply> sendApart(Command.Wait command) {
        return send(command);
    }

    /** Ends the way: accepts nothing more, lets what it accepted finish, frees what it holds. */
    Future<Void> close();
}
