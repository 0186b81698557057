package io.walrus.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * A question that any node can answer, put to one more of them each second until one does: one that
 * hangs would keep it. On the home context only.
 */
final class NodeQuestion {

    private static final long ASK_ANOTHER_MILLIS = 1_000;

    /** Does something later, on the home context. */
    @FunctionalInterface
    interface Later {
        void after(long millis, Runnable work);
    }

    private final Command question;
    private final Iterator<NodeWay> ways;
    private final Consumer<NodeWay> whoAnswered;
    private final Later later;
    private final Promise<Reply> answer = Promise.promise();
    private int unanswered;

    /**
     * @param ways in the order in which they are asked; one at least
     */
    NodeQuestion(
            Command question, Iterator<NodeWay> ways, Consumer<NodeWay> whoAnswered, Later later) {
        this.question = question;
        this.ways = ways;
        this.whoAnswered = whoAnswered;
        this.later = later;
    }

    /** The first answer; fails when no way brought one. */
    Future<Reply> ask() {
        askNext();
        return answer.future();
    }

    private void askNext() {
        if (answer.future().isComplete() || !ways.hasNext()) {
            return;
        }
        NodeWay way = ways.next();
        unanswered++;
        later.after(ASK_ANOTHER_MILLIS, this::askNext);
        way.sendTry(question).onComplete(reply -> take(way, reply), this::miss);
    }

    private void take(NodeWay way, Reply reply) {
        if (answer.tryComplete(reply)) {
            whoAnswered.accept(way);
        }
    }

    private void miss(Throwable failure) {
        unanswered--;
        if (ways.hasNext()) {
            askNext();
        } else if (unanswered == 0) {
            answer.tryFail(failure);
        }
    }
}
