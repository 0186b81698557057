package io.walrus.wal;

import io.walrus.wal.format.FileHeader;
import java.nio.file.Path;

/**
 * A stream's file as opening finds it.
 *
 * @param header null if it is damaged and could not be made anew
 * @param mark how much was durable for sure
 * @param bytes its size
 */
record FoundFile(StreamFile file, FileHeader header, FileHeader.Mark mark, int bytes) {

    Path path() {
        return file.path();
    }
}
