package io.walrus.node.routing;

import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.wal.WalException;
import java.util.concurrent.CompletionException;

/** A failed read or cursor move as an {@code ERR} reply. */
final class Refusals {

    private Refusals() {}

    static Reply.Err of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof SegmentReads.RefusedException refused) {
            return refused.refusal();
        }
        if (cause instanceof TopicShelf.NotOwnerException) {
            return new Reply.Err(ErrorCode.NO_LEADER, cause.getMessage());
        }
        if (cause instanceof WalException refused) {
            return new Reply.Err(codeOf(refused), refused.getMessage());
        }
        return new Reply.Err(ErrorCode.INTERNAL, String.valueOf(cause.getMessage()));
    }

    /** For a topic that is not there, or of which nobody can say at the moment. */
    static Reply.Err of(TopicLookup.Answer answer, String topic) {
        return answer == TopicLookup.Answer.DOES_NOT_EXIST
                ? Reply.Err.unknownTopic(topic)
                : new Reply.Err(
                        ErrorCode.NO_LEADER,
                        "this node does not know topic "
                                + topic
                                + " and cannot ask the cluster at the moment; try again");
    }

    private static ErrorCode codeOf(WalException refused) {
        return switch (refused.kind()) {
            case DAMAGED -> ErrorCode.DAMAGED;
            case OUT_OF_RANGE -> ErrorCode.GONE;
            case FULL, IO -> ErrorCode.STORAGE_FULL;
            case CLOSED -> ErrorCode.STOPPING;
            default -> ErrorCode.STORAGE_FAILED;
        };
    }
}
