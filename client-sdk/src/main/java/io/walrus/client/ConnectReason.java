package io.walrus.client;

import java.net.ConnectException;
import javax.net.ssl.SSLException;

/** Why a server could not be reached, in few words for a person, and what to look at. */
final class ConnectReason {

    private ConnectReason() {}

    static String of(Throwable failure) {
        Throwable tls = tlsFailure(failure);
        if (tls != null) {
            return "no TLS connection: " + tlsReason(tls);
        }
        // Netty repeats the address behind the message of the system; its cause has the bare one.
        return failure.getCause() instanceof ConnectException bare && bare.getMessage() != null
                ? bare.getMessage()
                : failure.getMessage();
    }

    static String advice(Throwable failure) {
        return tlsFailure(failure) == null
                ? "; is a node running there?"
                : "; does it speak TLS, and is its certificate trusted here and made for that host?";
    }

    /** The deepest cause has the certificate's fault; those around it say that there is one. */
    private static String tlsReason(Throwable tls) {
        Throwable deepest = tls;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
        // All that came follows, as hex.
        return message.startsWith("not an SSL/TLS record")
                ? "the server answers without TLS"
                : message;
    }

    private static Throwable tlsFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return cause;
            }
        }
        return null;
    }
}
