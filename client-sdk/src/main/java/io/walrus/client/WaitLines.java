package io.walrus.client;

import io.vertx.core.Future;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Connections for requests that wait at the server, one request on each at a time. Any thread; the
 * lock guards the two lists.
 */
final class WaitLines {

    /** More would wait than a server should have of one client. */
    private static final int LINES_MAX = 1_000;

    private final Supplier<TcpTransport> connect;
    private final Deque<TcpTransport> idle = new ArrayDeque<>();
    private final Set<TcpTransport> all = new HashSet<>();
    private boolean closed;

    WaitLines(Supplier<TcpTransport> connect) {
        this.connect = connect;
    }

    Future<Reply> send(Command.Wait command) {
        TcpTransport line;
        synchronized (this) {
            if (closed) {
                return refuse(Kind.CLOSED, "the client is closed");
            }
            if (idle.isEmpty() && all.size() >= LINES_MAX) {
                return refuse(Kind.OVERLOADED, LINES_MAX + " requests of this client wait already");
            }
            line = idle.isEmpty() ? connect.get() : idle.poll();
            all.add(line);
        }
        return line.send(command).onComplete(answered -> giveBack(line));
    }

    private synchronized void giveBack(TcpTransport line) {
        if (!closed) {
            idle.push(line);
        }
    }

    /** Who waits is told that the client is closed. */
    Future<Void> close() {
        Set<TcpTransport> closing;
        synchronized (this) {
            closed = true;
            closing = new HashSet<>(all);
            all.clear();
            idle.clear();
        }
        return Future.join(closing.stream().map(TcpTransport::closeNow).toList()).mapEmpty();
    }

    private static Future<Reply> refuse(Kind kind, String message) {
        return Future.failedFuture(WalrusClientException.notSent(kind, message, null));
    }
}
