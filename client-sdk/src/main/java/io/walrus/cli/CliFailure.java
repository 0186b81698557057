package io.walrus.cli;

import io.walrus.client.WalrusClientException;
import java.io.IOException;

/** Ends a command with one line for a person and an exit code for a script. */
final class CliFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** As Linux and macOS call it. */
    private static final String BROKEN_PIPE = "Broken pipe";

    private static final String READER_GONE =
            "cannot write to standard output: whoever read it is gone";

    private final int exitCode;

    CliFailure(int exitCode, String message) {
        super(inCommands(message), null, false, false);
        this.exitCode = exitCode;
    }

    /** Servers speak of their verbs; whoever types commands has those. */
    private static String inCommands(String message) {
        return message.replace("create it with REGISTER", "create it with the command register")
                .replace("(SEEK moves it back)", "(cursor seek --back moves it back)")
                .replace("send AUTH <token> first", "give it with --token-file FILE")
                .replace("does it speak TLS?", "does it speak TLS (--tls-ca FILE, or --tls)?")
                .replace("LEAVE force leaves", "node leave --force leaves")
                .replace("LEAVE does that", "node leave does that")
                .replaceFirst("REMOVE (\\d+) force gives", "node remove $1 --force gives");
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

    /** Output that cannot be written, because whoever read it is gone or for some other reason. */
    static CliFailure ofOutput(IOException failure) {
        return BROKEN_PIPE.equals(failure.getMessage())
                ? new CliFailure(ExitCode.REFUSED, READER_GONE)
                : new CliFailure(
                        ExitCode.REFUSED,
                        "cannot write to standard output: " + failure.getMessage());
    }

    /** Whether the reader of the output has seen enough, as {@code head} has. */
    boolean isReaderGone() {
        return getMessage().equals(READER_GONE);
    }

    int exitCode() {
        return exitCode;
    }
}
