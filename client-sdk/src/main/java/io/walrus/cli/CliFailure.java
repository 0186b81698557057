package io.walrus.cli;

import io.walrus.client.WalrusClientException;

/** Ends a command with one line for a person and an exit code for a script. */
final class CliFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    CliFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    static CliFailure of(WalrusClientException failure) {
        return of("", failure);
    }

    static CliFailure of(String before, WalrusClientException failure) {
        return switch (failure.kind()) {
            case REFUSED ->
                    new CliFailure(ExitCode.REFUSED, before + "ERR " + failure.getMessage());
            case INVALID, MALFORMED ->
                    new CliFailure(ExitCode.REFUSED, before + failure.getMessage());
            case CANNOT_CONNECT, INTERRUPTED, CONNECTION_LOST, TIMED_OUT, OVERLOADED, CLOSED ->
                    new CliFailure(ExitCode.UNREACHABLE, before + failure.getMessage());
        };
    }

    int exitCode() {
        return exitCode;
    }
}
