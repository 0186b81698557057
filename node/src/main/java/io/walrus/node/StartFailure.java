package io.walrus.node;

import io.walrus.metadata.raft.MetadataStartException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;

/** One clear line for a start that failed: what was expected, what was found, what to do. */
final class StartFailure {

    private StartFailure() {}

    static String explain(Throwable failure, NodeOptions options) {
        if (causeOf(failure, MetadataStartException.class)
                instanceof MetadataStartException refused) {
            return refused.getMessage();
        }
        if (causeOf(failure, BindException.class) instanceof BindException taken) {
            return "cannot listen on %s:%d: %s; stop what listens there, or choose another --client-port"
                    .formatted(options.clientHost(), options.clientPort(), taken.getMessage());
        }
        if (causeOf(failure, FileSystemException.class) instanceof FileSystemException refused) {
            if (refused.getFile() != null && refused.getFile().equals(options.tokensFile())) {
                return "--tokens: cannot read %s: %s"
                        .formatted(refused.getFile(), reasonOf(refused));
            }
            return "cannot use %s: %s; choose another --data-dir"
                    .formatted(refused.getFile(), reasonOf(refused));
        }
        Throwable root = failure;
        while (root.getCause() != null && root instanceof CompletionException) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static String reasonOf(FileSystemException refused) {
        if (refused instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (refused instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return refused.getReason() == null
                ? refused.getClass().getSimpleName()
                : refused.getReason();
    }

    private static Throwable causeOf(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return cause;
            }
        }
        return null;
    }
}
