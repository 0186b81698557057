package io.walrus.node.storage;

import io.walrus.wal.FsyncPolicy;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** A segment store without a verticle around it, for tests of the rooms above. */
public final class OpenStore implements AutoCloseable {

    /** A segment is full with so many; nobody is told. */
    public static final int SEGMENT_ENTRIES = 1_000;

    private final SegmentStore store;

    private OpenStore(SegmentStore store) {
        this.store = store;
    }

    /**
     * @param workers runs what the store does on workers
     */
    public static OpenStore in(Path dir, Executor workers) {
        var store =
                new SegmentStore(
                        new StorageOptions(dir, FsyncPolicy.none(), SEGMENT_ENTRIES, 1 << 20, 1),
                        (segment, epoch) -> true,
                        full -> {},
                        StorageObserver.NONE);
        store.open(workers);
        return new OpenStore(store);
    }

    public SegmentStore store() {
        return store;
    }

    @Override
    public void close() {
        store.close();
    }
}
