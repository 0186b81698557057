package io.walrus.wal;

import io.walrus.wal.format.FileHeader;
import java.nio.file.Path;

/**
 * A stream's file as opening finds it.
 *
 * @param header null if it is damaged and could not be made anew
 * @param mark how much was durable for sure
 * @param bytes its size
 * @param unwritten it has no header, and nothing but zeros where one would be
 */
record FoundFile(
        StreamFile file, FileHeader header, FileHeader.Mark mark, int bytes, boolean unwritten) {

    Path path() {
        return file.path();
    }
}
