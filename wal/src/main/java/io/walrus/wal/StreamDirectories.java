package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;

/** Where streams live: {@code streams/<16 hex digits of the id>}. */
final class StreamDirectories {

    static final String NAME = "streams";

    private static final int ID_DIGITS = 16;

    private StreamDirectories() {}

    static Path of(Path dir, long streamId) {
        return dir.resolve(NAME).resolve(HexFormat.of().toHexDigits(streamId));
    }

    /**
     * One more than the highest id that has a directory, 0 if there is none. A stream whose
     * catalogue record was lost unforced may have left files: its id must not be used again.
     */
    static long idBound(Disk disk, Path dir) throws IOException {
        Path streams = dir.resolve(NAME);
        if (!disk.exists(streams)) {
            return 0;
        }
        long bound = 0;
        for (String name : disk.list(streams)) {
            if (name.length() == ID_DIGITS && name.chars().allMatch(HexFormat::isHexDigit)) {
                bound = Math.max(bound, HexFormat.fromHexDigitsToLong(name) + 1);
            }
        }
        return bound;
    }
}
