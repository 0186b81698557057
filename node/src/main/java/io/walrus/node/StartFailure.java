package io.walrus.node;

import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;

/** One clear line for a start that failed: what was expected, what was found, what to do. */
final class StartFailure {

    private StartFailure() {}

    static String explain(Throwable failure, NodeOptions options) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "cannot listen on %s:%d: %s; stop what listens there, or choose another --client-port"
                        .formatted(options.clientHost(), options.clientPort(), cause.getMessage());
            }
            if (cause instanceof AccessDeniedException denied) {
                return "cannot write to %s: permission denied; choose another --data-dir"
                        .formatted(denied.getFile());
            }
            if (cause instanceof FileAlreadyExistsException exists) {
                return "%s is not a directory; choose another --data-dir"
                        .formatted(exists.getFile());
            }
        }
        Throwable root = failure;
        while (root.getCause() != null
                && root instanceof java.util.concurrent.CompletionException) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
