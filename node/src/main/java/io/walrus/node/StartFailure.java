package io.walrus.node;

import io.walrus.metadata.raft.MetadataStartException;
import io.walrus.metadata.raft.NodeRemovedException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * One clear line for a start that failed, or a node that stopped by itself: what was expected, what
 * was found, what to do.
 */
final class StartFailure {

    private static final int FAILED = 1;
    private static final int REMOVED = 4;

    private StartFailure() {}

    static String explain(Throwable failure, NodeOptions options) {
        if (causeOf(failure, MetadataStartException.class)
                instanceof MetadataStartException refused) {
            return refused.getMessage()
                    + (causeOf(refused, BindException.class) == null
                            ? ""
                            : "; stop what listens there, or choose another --raft-port");
        }
        if (causeOf(failure, NodeRemovedException.class) instanceof NodeRemovedException removed) {
            return "%s; nothing in %s was changed. Start it with --join HOST:RAFTPORT to come back with what it holds, or with an empty --data-dir and --join HOST:RAFTPORT as a new member"
                    .formatted(removed.getMessage(), options.directory());
        }
        if (causeOf(failure, BindException.class) instanceof BindException taken) {
            return "cannot listen on %s:%d: %s; stop what listens there, or choose another --client-port"
                    .formatted(options.clientHost(), options.clientPort(), taken.getMessage());
        }
        if (causeOf(failure, FileSystemException.class) instanceof FileSystemException refused) {
            for (Map.Entry<String, String> read : filesToRead(options).entrySet()) {
                if (read.getValue().equals(refused.getFile())) {
                    return "%s: cannot read %s: %s"
                            .formatted(read.getKey(), refused.getFile(), reasonOf(refused));
                }
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

    /** What the process ends with: scripts tell by it whether starting again can help. */
    static int exitCode(Throwable failure) {
        return causeOf(failure, NodeRemovedException.class) == null ? FAILED : REMOVED;
    }

    /** Files that others wrote: flag to name. What else fails lies below the data directory. */
    private static Map<String, String> filesToRead(NodeOptions options) {
        return Map.of(
                "--tokens", options.tokensFile(),
                "--tls-cert", options.tlsCert(),
                "--tls-key", options.tlsKey(),
                "--tls-ca", options.tlsCa());
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
