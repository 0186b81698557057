package io.walrus.wal;

import io.walrus.wal.WalException.Kind;
import java.io.IOException;
import java.nio.file.Path;

/** Says what an {@link IOException} of the disk means to the caller of the log. */
final class DiskRefusal {

    private DiskRefusal() {}

    /**
     * FULL if the disk has no space, IO otherwise.
     *
     * @param doing what was tried, such as "grow the catalogue"
     */
    static WalException of(String doing, Path file, IOException refused) {
        if (isFull(refused)) {
            return new WalException(
                    Kind.FULL,
                    "no space to %s at %s: make space, it works again by itself"
                            .formatted(doing, file),
                    refused);
        }
        return new WalException(
                Kind.IO, "could not %s at %s: %s".formatted(doing, file, refused), refused);
    }

    /** A write or sync that failed half way is final: nobody knows what is on the disk. */
    static WalException failed(String doing, Path file, IOException failure) {
        return new WalException(
                Kind.FAILED,
                "could not %s at %s: %s; what is on disk is unknown, close and open the log again"
                        .formatted(doing, file, failure),
                failure);
    }

    /** The JDK has no type for ENOSPC and EDQUOT: their messages are all there is. */
    static boolean isFull(IOException refused) {
        String message = String.valueOf(refused.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded");
    }
}
