package io.walrus.node.protocol;

import io.vertx.core.Context;
import io.walrus.node.access.AccessGate;
import io.walrus.node.access.AccessRules;
import io.walrus.node.observe.NodeReports;
import io.walrus.node.routing.Router;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Refusal;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hands the requests of a run to the router and brings the answers back to the session's event
 * loop.
 *
 * <p>Event loop only; answers may come on any thread.
 */
final class RunStarter {

    /** Takes the reply to the request at an index of its run, on the session's event loop. */
    @FunctionalInterface
    interface Settle {
        void settle(int index, Reply reply);
    }

    private final Context context;
    private final ProtocolVerticle.Desk desk;
    private final Router router;
    private final NodeReports reports;
    private Runnable whenPeer = () -> {};

    /** The connection introduced itself as another node's; touched on the event loop only. */
    private boolean isPeer;

    private AccessGate gate;

    RunStarter(Context context, ProtocolVerticle.Desk desk, AccessGate gate) {
        this.context = context;
        this.desk = desk;
        this.gate = gate;
        this.router = desk.router();
        this.reports = desk.reports();
    }

    /**
     * Calls back, on the event loop, when the connection has introduced itself as another node's.
     */
    void whenPeer(Runnable callback) {
        whenPeer = callback;
    }

    /** What the connection may not do is refused here, at the node where it came in. */
    void start(RequestRun run, Settle settle, Runnable afterwards) {
        var allowed = new ArrayList<Request>(run.size());
        var indexes = new ArrayList<Integer>();
        for (int i = 0; i < run.size(); i++) {
            int index = i;
            Optional<Reply> refusal = refusal(run.requests.get(i));
            if (refusal.isPresent()) {
                hop(() -> settle.settle(index, refusal.get()), afterwards);
            } else {
                allowed.add(run.requests.get(i));
                indexes.add(i);
            }
        }
        Settle settleAllowed =
                allowed.size() == run.size()
                        ? settle
                        : (at, reply) -> settle.settle(indexes.get(at), reply);
        begin(run.kind, allowed, settleAllowed, afterwards);
    }

    private Optional<Reply> refusal(Request request) {
        return request instanceof Command command ? gate.refusal(command) : Optional.empty();
    }

    private void begin(
            RequestRun.Kind kind, List<Request> requests, Settle settle, Runnable afterwards) {
        if (kind == RequestRun.Kind.APPEND) {
            new AppendRun(router, isPeer, settle, work -> hop(work, afterwards)).start(requests);
            return;
        }
        for (int i = 0; i < requests.size(); i++) {
            int index = i;
            ask(requests.get(i), reply -> hop(() -> settle.settle(index, reply), afterwards));
        }
    }

    private void hop(Runnable settle, Runnable afterwards) {
        context.runOnContext(
                ignored -> {
                    settle.run();
                    afterwards.run();
                });
    }

    private void ask(Request request, Consumer<Reply> answer) {
        if (request instanceof Refusal refusal) {
            answer.accept(refusal.toReply());
            return;
        }
        var command = (Command) request;
        switch (command.verb()) {
            case GET,
                    GETB,
                    PEEK,
                    FETCH,
                    READ,
                    FIND,
                    PLACE,
                    PLACEIN,
                    ROLL,
                    READS,
                    DELETE,
                    CURSOR,
                    CURSORS,
                    COMMIT,
                    SEEK,
                    WAIT ->
                    router.ask((Command.OnTopic) command, isPeer, answer);
            case REGISTER -> router.register(((Command.Register) command).topic(), answer);
            case STATE -> state(((Command.State) command).topic(), answer);
            case METRICS -> answer.accept(new Reply.Json(reports.metrics()));
            case TOPICS -> answer.accept(new Reply.Json(reports.topics(gate.visible())));
            case HELLO ->
                    answer.accept(new Reply.Json(reports.hello(desk.access().get().wantsToken())));
            case DRAIN ->
                    desk.membership().drain().onComplete(done -> answer.accept(done.result()));
            case UNDRAIN ->
                    desk.membership().undrain().onComplete(done -> answer.accept(done.result()));
            case LEAVE ->
                    desk.membership()
                            .leave(((Command.Leave) command).force())
                            .onComplete(done -> answer.accept(done.result()));
            case REMOVE -> {
                Command.Remove remove = (Command.Remove) command;
                desk.membership()
                        .remove(remove.node(), remove.force())
                        .onComplete(done -> answer.accept(done.result()));
            }
            case AUTH -> answer.accept(introduce(((Command.Auth) command).token()));
            default -> answer.accept(unsupported(command));
        }
    }

    private void state(String topic, Consumer<Reply> answer) {
        router.whenKnown(
                topic,
                answer,
                () ->
                        answer.accept(
                                reports.state(topic)
                                        .<Reply>map(Reply.Json::new)
                                        .orElseGet(() -> Reply.Err.unknownTopic(topic))));
    }

    private Reply introduce(String token) {
        if (desk.isPeerToken(token)) {
            isPeer = true;
            gate = new AccessGate(AccessRules::open);
            whenPeer.run();
            return Reply.ok();
        }
        if (gate.introduce(token)) {
            return Reply.ok();
        }
        return new Reply.Err(
                ErrorCode.UNAUTHORIZED,
                desk.access().get().wantsToken()
                        ? "that token is not in the tokens file of this node"
                        : "that token is not known here; this node serves clients without one");
    }

    private static Reply unsupported(Command command) {
        return new Reply.Err(
                ErrorCode.UNSUPPORTED, "this server does not serve " + command.verb() + " yet");
    }
}
