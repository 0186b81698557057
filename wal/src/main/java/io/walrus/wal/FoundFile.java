package io.walrus.wal;

import io.walrus.wal.format.AheadMark;
import io.walrus.wal.format.FileHeader;
import java.nio.file.Path;

/**
 * A stream's file as opening finds it.
 *
 * @param header null if it is damaged and could not be made anew
 * @param mark how much was durable for sure
 * @param bytes its size
 * @param ahead it was made ahead and never begun, as its own mark says
 * @param unwritten it has no header, and nothing in it was ever durable
 */
record FoundFile(
        StreamFile file,
        FileHeader header,
        FileHeader.Mark mark,
        int bytes,
        boolean ahead,
        boolean unwritten) {

    /** From here on there are zeros in it if it was made and never begun. */
    int zerosFrom() {
        return ahead ? AheadMark.BYTES : 0;
    }

    Path path() {
        return file.path();
    }
}
