package io.walrus.node.routing;

import io.walrus.metadata.MetadataService;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Says whether a topic exists. What this node does not know yet may have been created through
 * another one a moment ago: so before it says no, it catches up with the cluster.
 *
 * <p>Any thread. Who asks about one topic is answered in the order of asking, on the asking thread
 * or a metadata thread. A node that cannot reach a leader says so after the proposal time-out.
 */
final class TopicLookup {

    /** What is known about a topic. */
    enum Answer {
        EXISTS,
        DOES_NOT_EXIST,
        NOBODY_KNOWS
    }

    /** Those who wait for one answer. The lock guards the queue; answers are told under it. */
    private static final class Question {
        private final Queue<Consumer<Answer>> waiting = new ArrayDeque<>();
        private boolean asked;
        private boolean answered;
    }

    private final MetadataService metadata;
    private final Map<String, Question> questions = new ConcurrentHashMap<>();

    TopicLookup(MetadataService metadata) {
        this.metadata = metadata;
    }

    void ask(String topic, Consumer<Answer> asker) {
        while (!isKnown(topic) || questions.containsKey(topic)) {
            Question question = questions.computeIfAbsent(topic, name -> new Question());
            if (joined(question, asker)) {
                askOnce(topic, question);
                return;
            }
        }
        asker.accept(Answer.EXISTS);
    }

    private boolean isKnown(String topic) {
        return metadata.view().topic(topic).isPresent();
    }

    private static boolean joined(Question question, Consumer<Answer> asker) {
        synchronized (question) {
            return !question.answered && question.waiting.add(asker);
        }
    }

    private void askOnce(String topic, Question question) {
        synchronized (question) {
            if (question.asked) {
                return;
            }
            question.asked = true;
        }
        metadata.catchUp().thenAccept(isUpToDate -> answer(topic, question, isUpToDate));
    }

    /** Told under the lock: who comes later must not overtake. */
    private void answer(String topic, Question question, boolean isUpToDate) {
        synchronized (question) {
            Consumer<Answer> next;
            while ((next = question.waiting.poll()) != null) {
                next.accept(isKnown(topic) ? Answer.EXISTS : otherwise(isUpToDate));
            }
            question.answered = true;
            questions.remove(topic, question);
        }
    }

    private static Answer otherwise(boolean isUpToDate) {
        return isUpToDate ? Answer.DOES_NOT_EXIST : Answer.NOBODY_KNOWS;
    }
}
