package io.walrus.wal;

import java.io.IOException;

/** Learns where the frames of a file are that was written before this log was opened. */
final class IndexBuilder {

    private IndexBuilder() {}

    /** Walks the file once; threads that come meanwhile wait. */
    static void build(StreamFile file) throws IOException {
        synchronized (file) {
            if (file.isIndexed()) {
                return;
            }
            try {
                walk(file);
            } catch (WalException damagedToTheEnd) {
                // Whoever reads an offset behind this place hears of it then, by name.
            }
            file.indexed();
        }
    }

    private static void walk(StreamFile file) throws IOException {
        var reader = new FrameReader(file);
        reader.seekFirst();
        do {
            file.index().offer(reader.firstOffset(), reader.position());
        } while (reader.nextWhole());
    }
}
