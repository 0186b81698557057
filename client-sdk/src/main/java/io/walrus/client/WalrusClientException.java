package io.walrus.client;

import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Verb;
import java.util.Optional;

/**
 * Why a request has no good answer, and the two questions every failure answers: retry? may it have
 * happened?
 */
public final class WalrusClientException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What went wrong, as seen from the client. */
    public enum Kind {
        /** The server answered {@code ERR}; {@link #errorCode()} tells which. */
        REFUSED,
        /** No address took a connection in time; nothing was sent. */
        CANNOT_CONNECT,
        /** The connection was lost while the request was in flight. */
        CONNECTION_LOST,
        /** No reply in time. */
        TIMED_OUT,
        /** Too much is waiting in this client already; nothing was sent. */
        OVERLOADED,
        /** The request is over a limit of this client; nothing was sent. */
        INVALID,
        /** The thread that waited in {@link BlockingClient} was interrupted. */
        INTERRUPTED,
        /** The client is closed; nothing was sent. */
        CLOSED,
        /** The reply cannot be understood. */
        MALFORMED
    }

    private final Kind kind;
    private final ErrorCode errorCode;
    private final boolean mayRetry;
    private final boolean mayHaveHappened;

    private WalrusClientException(
            Kind kind,
            ErrorCode errorCode,
            boolean mayRetry,
            boolean mayHaveHappened,
            String message,
            Throwable cause) {
        // A failed request says where by its message; a lost connection fails thousands of them at
        // once.
        super(message, cause, false, false);
        this.kind = kind;
        this.errorCode = errorCode;
        this.mayRetry = mayRetry;
        this.mayHaveHappened = mayHaveHappened;
    }

    /**
     * A request that was never sent: a retry cannot make a duplicate; whether it makes sense, the
     * kind tells.
     */
    static WalrusClientException notSent(Kind kind, String message, Throwable cause) {
        boolean mayRetry =
                switch (kind) {
                    case CANNOT_CONNECT, CONNECTION_LOST, OVERLOADED, TIMED_OUT -> true;
                    default -> false;
                };
        return new WalrusClientException(kind, null, mayRetry, false, message, cause);
    }

    /** A request that was sent and has no reply, for whoever sends on a way of his own. */
    public static WalrusClientException sent(
            Kind kind, Command command, String message, Throwable cause) {
        Verb.Effect effect = command.verb().effect();
        return new WalrusClientException(
                kind,
                null,
                effect != Verb.Effect.ONCE,
                effect != Verb.Effect.NONE,
                nameOf(command) + ": " + message + outcome(effect),
                cause);
    }

    /** An append that was sent until its time was up, and may be stored. */
    static WalrusClientException open(Command command, WalrusClientException last) {
        return new WalrusClientException(
                Kind.TIMED_OUT,
                null,
                false,
                true,
                command
                        + ": no definite answer in time"
                        + (last == null ? "" : " (" + last.getMessage() + ")")
                        + outcome(Verb.Effect.ONCE),
                last);
    }

    /** An append that was not stored while a later one of its topic was. */
    static WalrusClientException overtaken(Command command) {
        return refused(
                command,
                new Reply.Err(
                        ErrorCode.NO_LEADER,
                        "the leader could not write it and has written a later one since; nothing"
                                + " was stored, try again"));
    }

    /** A request that goes on while its caller was told to stop waiting. */
    static WalrusClientException interrupted(InterruptedException cause) {
        return new WalrusClientException(
                Kind.INTERRUPTED,
                null,
                false,
                true,
                "interrupted while waiting for the answer; it may have happened, look before you"
                        + " send it again",
                cause);
    }

    /** A request that the server answered with {@code ERR}. */
    static WalrusClientException refused(Command command, Reply.Err err) {
        boolean isOpen = err.code().mayHaveHappened();
        Verb.Effect effect = command.verb().effect();
        return new WalrusClientException(
                Kind.REFUSED,
                err.code(),
                err.code().mayRetry() || isOpen && effect != Verb.Effect.ONCE,
                isOpen && effect != Verb.Effect.NONE,
                err.code() + " " + err.message(),
                null);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** The server's code, for {@link Kind#REFUSED}. */
    public Optional<ErrorCode> errorCode() {
        return Optional.ofNullable(errorCode);
    }

    /** Whether a failure is one of this client, and says {@link #mayRetry()}. */
    static boolean mayRetry(Throwable failure) {
        return failure instanceof WalrusClientException known && known.mayRetry();
    }

    static boolean mayHaveHappened(Throwable failure) {
        return failure instanceof WalrusClientException known && known.mayHaveHappened();
    }

    /** Sending the same request again makes sense and makes no duplicate. */
    public boolean mayRetry() {
        return mayRetry;
    }

    /** The change asked for may be in the log, or may still get there. */
    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }

    private static String nameOf(Command command) {
        return switch (command.verb()) {
            case PUT, APPEND, APPENDTO, APPENDB, BATCHTO, AUTH -> command.toString();
            default ->
                    command instanceof Command.OnTopic on
                            ? command.verb() + " " + on.topic()
                            : command.verb().name();
        };
    }

    private static String outcome(Verb.Effect effect) {
        return switch (effect) {
            case NONE -> "; nothing was changed, send it again";
            case REPEATABLE -> "; it may have happened, sending it again does no harm";
            case ONCE -> "; it may have happened, look before you send it again";
        };
    }
}
