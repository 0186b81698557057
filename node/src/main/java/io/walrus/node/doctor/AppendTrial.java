package io.walrus.node.doctor;

import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.Wal;
import io.walrus.wal.WalException;
import io.walrus.wal.WalOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Measures what a node does for an acknowledgement: durable appends with the log engine, by some
 * writers that each wait for their own.
 */
final class AppendTrial implements AutoCloseable {

    private static final int ENTRY_BYTES = 1_024;
    private static final int WARM_UP_APPENDS = 50;
    private static final String TOPIC = "doctor";

    private final Path directory;
    private final Wal wal;
    private final LongSupplier nanoClock;

    private AppendTrial(Path directory, LongSupplier nanoClock) {
        this.directory = directory;
        this.nanoClock = nanoClock;
        this.wal = Wal.open(WalOptions.in(directory).fsync(FsyncPolicy.each()));
    }

    /** Opens a log in a new directory below an existing one. */
    static AppendTrial below(Path existing, LongSupplier nanoClock) throws IOException {
        AppendTrial trial =
                new AppendTrial(Files.createTempDirectory(existing, "walrus-doctor-"), nanoClock);
        for (int i = 0; i < WARM_UP_APPENDS; i++) {
            trial.wal.append(TOPIC, new byte[ENTRY_BYTES]);
        }
        return trial;
    }

    /** Durable appends a second that so many writers reach together in so long. */
    long appendsPerSecond(int writers, long millis) {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            long start = nanoClock.getAsLong();
            long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
            List<Callable<Long>> tasks = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                tasks.add(() -> appendUntil(end));
            }
            long appends = 0;
            for (Future<Long> done : threads.invokeAll(tasks)) {
                appends += done.get();
            }
            long nanos = Math.max(1, nanoClock.getAsLong() - start);
            return Math.round(appends * (double) TimeUnit.SECONDS.toNanos(1) / nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof WalException wrong
                    ? wrong
                    : new IllegalStateException(failed.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private long appendUntil(long endNanos) {
        byte[] entry = new byte[ENTRY_BYTES];
        long appends = 0;
        do {
            wal.append(TOPIC, entry);
            appends++;
        } while (nanoClock.getAsLong() < endNanos);
        return appends;
    }

    @Override
    public void close() {
        wal.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException leftBehind) {
            throw new UncheckedIOException("cannot remove " + directory, leftBehind);
        }
    }
}
