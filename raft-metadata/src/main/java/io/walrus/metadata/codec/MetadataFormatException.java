package io.walrus.metadata.codec;

/**
 * Bytes that are not what they should be: another version, an unknown type or field, or damage. A
 * retry cannot help.
 */
public final class MetadataFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MetadataFormatException(String message) {
        super(message);
    }

    MetadataFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
