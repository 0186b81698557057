package io.walrus.wal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The stream files that were written since their last force. Any thread. */
final class DirtyFiles {

    private final Queue<Dirty> queue = new ConcurrentLinkedQueue<>();
    private final OpenFiles openFiles;

    /**
     * @param openFiles hears that one more owes a sync
     */
    DirtyFiles(OpenFiles openFiles) {
        this.openFiles = openFiles;
    }

    record Dirty(Stream stream, StreamFile file) {}

    /** Called under the stream's lock, after the bytes are in place. */
    void written(Stream stream, StreamFile file) {
        if (!file.isDirty()) {
            file.dirty(true);
            queue.add(new Dirty(stream, file));
            openFiles.owes();
        }
    }

    Dirty poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
