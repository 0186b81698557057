package io.walrus.metadata.raft;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What callers ask of this member and have no answer to yet. Every question is answered, at the
 * latest when this member stops: the owning thread may end before it gets there. Any thread.
 */
final class OpenQuestions {
    private final Duty duty;

    /** How each question that is open ends if no answer comes. */
    private final Map<CompletableFuture<?>, Runnable> open = new ConcurrentHashMap<>();

    private volatile boolean isClosed;

    OpenQuestions(Duty duty) {
        this.duty = duty;
    }

    /**
     * Asks on the owning thread.
     *
     * @param question completes the answer, now or later
     * @param end completes it when this member stops
     */
    <T> CompletableFuture<T> ask(
            Consumer<CompletableFuture<T>> question, Consumer<CompletableFuture<T>> end) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        open.put(answer, () -> end.accept(answer));
        answer.whenComplete((value, failure) -> open.remove(answer));
        boolean isOffered =
                duty.offer(
                        () -> {
                            if (!isClosed) {
                                question.accept(answer);
                            }
                        });
        // Who closes sees this question, or it is seen here that somebody has closed.
        if (!isOffered || isClosed) {
            end.accept(answer);
        }
        return answer;
    }

    /** Ends all questions that are open; later ones end at once. */
    void close() {
        isClosed = true;
        List.copyOf(open.values()).forEach(Runnable::run);
    }
}
