package io.walrus.client;

import io.vertx.core.AsyncResult;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;

/** What a try that brought no place means for the next one. Pure. */
final class OnceFailures {

    private OnceFailures() {}

    /** The failure that an answer is; not for answers that are as expected. */
    static WalrusClientException of(Command command, AsyncResult<Reply> answer) {
        if (answer.failed()) {
            return answer.cause() instanceof WalrusClientException known
                    ? known
                    : WalrusClientException.sent(
                            Kind.MALFORMED, command, answer.cause().toString(), answer.cause());
        }
        return answer.result() instanceof Reply.Err err
                ? WalrusClientException.refused(command, err)
                : WalrusClientException.sent(
                        Kind.MALFORMED, command, "came: " + answer.result(), null);
    }

    /**
     * Whether another try would meet the same wall.
     *
     * @param givesUpConnecting whether an address that cannot be reached is such a wall
     */
    static boolean isForGood(WalrusClientException failure, boolean givesUpConnecting) {
        return switch (failure.kind()) {
            case CONNECTION_LOST, TIMED_OUT, OVERLOADED -> false;
            case CANNOT_CONNECT -> givesUpConnecting;
            case REFUSED ->
                    switch (failure.errorCode().orElseThrow()) {
                        case NO_LEADER, STOPPING, TIMED_OUT, BUSY, UNKNOWN, INTERNAL -> false;
                        default -> true;
                    };
            default -> true;
        };
    }

    /** Whether the server does not know the verb. */
    static boolean isVerbMissing(WalrusClientException failure) {
        return failure.errorCode()
                .filter(
                        code ->
                                switch (code) {
                                    case UNSUPPORTED, NO_COMMAND -> true;
                                    default -> false;
                                })
                .isPresent();
    }
}
