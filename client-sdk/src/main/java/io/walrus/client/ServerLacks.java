package io.walrus.client;

import io.walrus.protocol.ErrorCode;

/** Whether a refusal says that the server does not serve a verb; nothing was changed then. */
final class ServerLacks {

    private ServerLacks() {}

    /** Null, which is no failure, says that it has the verb. */
    static boolean verb(Throwable failure) {
        return failure instanceof WalrusClientException refused
                && refused.errorCode()
                        .filter(
                                code ->
                                        code == ErrorCode.UNSUPPORTED
                                                || code == ErrorCode.NO_COMMAND
                                                || code == ErrorCode.UNRECOGNISED)
                        .isPresent();
    }
}
