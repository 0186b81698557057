package io.walrus.wal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The stream files that were written since their last force. Any thread. */
final class DirtyFiles {

    private final Queue<Dirty> queue = new ConcurrentLinkedQueue<>();

    record Dirty(Stream stream, StreamFile file) {}

    /** Called under the stream's lock, after the bytes are in place. */
    void written(Stream stream, StreamFile file) {
        if (!file.isDirty()) {
            file.dirty(true);
            queue.add(new Dirty(stream, file));
        }
    }

    Dirty poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
