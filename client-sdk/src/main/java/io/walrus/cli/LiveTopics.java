package io.walrus.cli;

import io.walrus.client.WalrusClient;
import java.util.Collection;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The topics that there are now, for completion: asked of the server at each look, and answered
 * from memory if it takes too long.
 */
final class LiveTopics {

    private static final int WAIT_MILLIS_MAX = 300;

    private final WalrusClient client;
    private final Collection<String> known = new TreeSet<>();

    LiveTopics(WalrusClient client) {
        this.client = client;
    }

    /** Remembers a name that was typed: the server may not list topics. */
    void add(String topic) {
        known.add(topic);
    }

    /** What the server lists, or else what is remembered. */
    Collection<String> now() {
        try {
            Collection<String> listed =
                    client.topics()
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(WAIT_MILLIS_MAX, TimeUnit.MILLISECONDS);
            known.clear();
            known.addAll(listed);
        } catch (ExecutionException | TimeoutException notListed) {
            // Completion is a convenience: no message may break into the line that is typed.
            return known;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return known;
    }
}
