package io.walrus.metadata.raft;

/**
 * The member was not started; nothing on disk was changed. The message says what was expected, what
 * was found and what to do.
 */
public final class MetadataStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MetadataStartException(String message) {
        super(message);
    }

    MetadataStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
