package io.walrus.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Forces many files, a few at a time: the file system puts syncs that wait together into one commit
 * of its own journal. Started with the first work.
 */
final class Forcers implements Closeable {

    /** Beside the caller. More gain little, and take the disk from the committer. */
    private static final int THREADS = 3;

    private final EngineExecutor threads = new EngineExecutor("forcer", THREADS);

    /**
     * Does all there is to do and returns when it is done; after a failure nothing new is begun.
     *
     * @throws IOException the first failure, when everything that was begun has ended
     */
    void all(List<Syncer.Force> works) throws IOException {
        var taken = new AtomicInteger();
        var failure = new AtomicReference<Throwable>();
        Runnable lane =
                () -> {
                    int at = taken.getAndIncrement();
                    while (at < works.size() && failure.get() == null) {
                        run(works.get(at), failure);
                        at = taken.getAndIncrement();
                    }
                };
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int n = 0; n < THREADS; n++) {
            others.add(CompletableFuture.runAsync(lane, threads));
        }
        lane.run();
        others.forEach(CompletableFuture::join);
        rethrow(failure.get());
    }

    private static void run(Syncer.Force work, AtomicReference<Throwable> failure) {
        try {
            work.run();
        } catch (IOException | RuntimeException | Error failed) {
            failure.compareAndSet(null, failed);
        }
    }

    private static void rethrow(Throwable failed) throws IOException {
        if (failed instanceof IOException io) {
            throw io;
        }
        if (failed instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        if (failed instanceof Error error) {
            throw error;
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
