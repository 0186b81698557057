package io.walrus.client;

import io.vertx.core.Context;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives answers to callers on their own contexts: at once to those at home here, and to each other
 * context all that one read brought in one hop. Used on the connection's context only.
 */
final class ReplyDelivery {

    private final Context home;
    private final AdmissionGate gate;
    private Map<Context, List<Runnable>> elsewhere = new IdentityHashMap<>();

    ReplyDelivery(Context home, AdmissionGate gate) {
        this.home = home;
        this.gate = gate;
    }

    void reply(PendingRequest request, Reply reply) {
        answer(request, () -> request.promise.complete(reply));
    }

    void fail(PendingRequest request, WalrusClientException failure) {
        answer(request, () -> request.promise.fail(failure));
    }

    /** Sends the collected answers on their way. */
    void flush() {
        if (elsewhere.isEmpty()) {
            return;
        }
        Map<Context, List<Runnable>> batches = elsewhere;
        elsewhere = new IdentityHashMap<>();
        batches.forEach(
                (context, answers) ->
                        context.runOnContext(
                                turn -> answers.forEach(answer -> run(context, answer))));
    }

    private void answer(PendingRequest request, Runnable answer) {
        gate.leave(request.bytes);
        if (request.caller == null || request.caller == home) {
            run(home, answer);
        } else {
            elsewhere.computeIfAbsent(request.caller, context -> new ArrayList<>()).add(answer);
        }
    }

    /**
     * A handler that throws must not take the other answers of the batch with it; its context gets
     * to know.
     */
    private static void run(Context context, Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException | Error thrown) {
            context.runOnContext(
                    turn -> {
                        throw thrown;
                    });
        }
    }
}
