package io.walrus.node.storage;

import io.walrus.wal.WalException;
import java.util.concurrent.CompletionException;

/**
 * Turns the engine's exceptions into outcomes, which answer "may I retry?" and "may it have
 * happened?".
 */
final class StorageFailures {

    private StorageFailures() {}

    static AppendOutcome outcomeOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof WalException refused && !refused.mayHaveHappened()) {
            boolean passes =
                    refused.kind() == WalException.Kind.FULL
                            || refused.kind() == WalException.Kind.BUSY;
            return new AppendOutcome.Refused(refused.getMessage(), passes);
        }
        return new AppendOutcome.Unknown(String.valueOf(cause.getMessage()));
    }
}
