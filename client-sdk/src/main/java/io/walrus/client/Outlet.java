package io.walrus.client;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** What a stream has read ahead, and hands out as far as there is demand. One context. */
final class Outlet<T> {

    private final Context context;
    private final Deque<T> ahead = new ArrayDeque<>();
    private Handler<T> handler;
    private long demand = Long.MAX_VALUE;
    private boolean delivering;

    Outlet(Context context) {
        this.context = context;
    }

    /**
     * Any thread: a change of the stream, and what follows from it, at once if this is its context.
     */
    void change(Runnable change, Runnable advance) {
        if (Vertx.currentContext() == context) {
            change.run();
            advance.run();
        } else {
            context.runOnContext(
                    turn -> {
                        change.run();
                        advance.run();
                    });
        }
    }

    void handler(Handler<T> newHandler) {
        handler = newHandler;
        if (newHandler == null) {
            ahead.clear();
        }
    }

    void pause() {
        demand = 0;
    }

    void fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    }

    long demand() {
        return demand;
    }

    void add(List<T> more) {
        ahead.addAll(more);
    }

    void clear() {
        ahead.clear();
    }

    boolean isEmpty() {
        return ahead.isEmpty();
    }

    /**
     * Hands out what is demanded, and tells of each one that its handler has returned from. False:
     * a handler is at work further up, or there is none.
     */
    boolean handOut(Consumer<T> handedOut) {
        if (delivering || handler == null) {
            return false;
        }
        delivering = true;
        try {
            while (demand > 0 && !ahead.isEmpty() && handler != null) {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                handOut(ahead.poll(), handedOut);
            }
        } finally {
            delivering = false;
        }
        return handler != null;
    }

    /** A handler that throws must not stop the stream; its context gets to know. */
    private void handOut(T one, Consumer<T> handedOut) {
        try {
            handler.handle(one);
            handedOut.accept(one);
        } catch (RuntimeException | Error thrown) {
            context.runOnContext(
                    turn -> {
                        throw thrown;
                    });
        }
    }
}
