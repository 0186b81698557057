package io.walrus.node.protocol;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.walrus.node.access.AccessGate;
import io.walrus.node.access.AccessRules;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The conversation of a node with its own process: the rules of a connection without a socket.
 *
 * <p>Threads: {@link #ask} from any thread; what one thread asks is begun in the order of its
 * calls, and requests of different kinds never overlap. Answers come on the session's event loop.
 *
 * <p>Limits: what a connection may have unanswered, a session may; beyond that a request is refused
 * as {@code BUSY}. Nothing blocks.
 */
final class LocalSession {

    private record Call(Request request, long bytes, Consumer<Reply> answer) {}

    /** A run and who waits for its replies, by index. */
    private record Asked(RequestRun run, List<Call> calls) {}

    private final Context context;
    private final ProtocolOptions options;
    private final Queue<Call> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicInteger openRequests = new AtomicInteger();
    private final AtomicLong openBytes = new AtomicLong();
    private final Promise<Void> finished = Promise.promise();
    private volatile boolean closing;

    /** Touched on the event loop only, like all that follows. */
    private final Deque<Asked> waiting = new ArrayDeque<>();

    private RunStarter starter;
    private boolean refusing;
    private RequestRun.Kind runningKind;
    private int running;

    /**
     * @param context an event loop of the session's own
     * @param desk completes when the node is ready; what is asked before waits until then
     */
    LocalSession(Context context, Future<ProtocolVerticle.Desk> desk, ProtocolOptions options) {
        this.context = context;
        this.options = options;
        desk.onComplete(
                opened ->
                        context.runOnContext(
                                turn -> {
                                    refusing = opened.failed();
                                    starter =
                                            opened.failed()
                                                    ? null
                                                    : new RunStarter(
                                                            context,
                                                            opened.result(),
                                                            new AccessGate(AccessRules::open));
                                    takeArrived();
                                }));
    }

    /** Carries out one command; the answer is called once, also for a refusal. */
    void ask(Command command, Consumer<Reply> answer) {
        long bytes = RequestRun.bytesOf(command);
        if (bytes > options.frameBytesMax()) {
            answer.accept(tooLarge(bytes));
        } else if (closing) {
            answer.accept(stopping());
        } else if (!reserve(bytes)) {
            release(bytes);
            answer.accept(busy());
        } else {
            arrived.add(new Call(command, bytes, answer));
            wake();
        }
    }

    private boolean reserve(long bytes) {
        int requests = openRequests.incrementAndGet();
        long sum = openBytes.addAndGet(bytes);
        return requests <= options.inFlightRequestsMax() && sum <= options.inFlightBytesMax();
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            context.runOnContext(
                    turn -> {
                        awake.set(false);
                        takeArrived();
                    });
        }
    }

    private void takeArrived() {
        if (starter == null && !refusing) {
            return;
        }
        var calls = new ArrayList<Call>();
        Call next;
        while ((next = arrived.poll()) != null) {
            if (next.request() instanceof Command.Wait) {
                startApart(next);
            } else {
                calls.add(next);
            }
        }
        int from = 0;
        for (RequestRun run : RequestRun.split(calls.stream().map(Call::request).toList())) {
            waiting.add(new Asked(run, calls.subList(from, from + run.size())));
            from += run.size();
        }
        startWaiting();
    }

    /** A WAIT holds up replies on a connection, because they come in order; nothing here. */
    private void startApart(Call call) {
        if (refusing) {
            answer(call, stopping());
            return;
        }
        starter.start(
                new RequestRun(RequestRun.Kind.CHANGE, List.of(call.request())),
                (index, reply) -> answer(call, reply),
                () -> {});
    }

    private void startWaiting() {
        while (!waiting.isEmpty() && mayStart(waiting.peek().run())) {
            Asked asked = waiting.poll();
            if (refusing) {
                asked.calls().forEach(call -> answer(call, stopping()));
                continue;
            }
            runningKind = asked.run().kind;
            running++;
            starter.start(
                    asked.run(), (index, reply) -> settle(asked, index, reply), this::startWaiting);
        }
    }

    private boolean mayStart(RequestRun run) {
        return running == 0 || run.kind == RequestRun.Kind.APPEND && runningKind == run.kind;
    }

    private void settle(Asked asked, int index, Reply reply) {
        asked.run().settle(index, reply);
        if (asked.run().isSettled()) {
            running--;
        }
        answer(asked.calls().get(index), reply);
    }

    private void answer(Call call, Reply reply) {
        release(call.bytes());
        call.answer().accept(reply);
    }

    private void release(long bytes) {
        openBytes.addAndGet(-bytes);
        if (openRequests.decrementAndGet() == 0 && closing) {
            finished.tryComplete();
        }
    }

    /** Refuses what comes from now on; completes when everything before it is answered. */
    Future<Void> finish() {
        closing = true;
        if (openRequests.get() == 0) {
            finished.tryComplete();
        }
        return finished.future();
    }

    private Reply tooLarge(long bytes) {
        return new Reply.Err(
                ErrorCode.TOO_LARGE,
                "expected a request of %d bytes at most, got %d; raise frameBytesMax of the node"
                        .formatted(options.frameBytesMax(), bytes));
    }

    private Reply busy() {
        return new Reply.Err(
                ErrorCode.BUSY,
                "more than %d requests or %d bytes wait for answers; wait for some of them"
                        .formatted(options.inFlightRequestsMax(), options.inFlightBytesMax()));
    }

    private static Reply stopping() {
        return new Reply.Err(ErrorCode.STOPPING, "the node, or this client of it, is closed");
    }
}
