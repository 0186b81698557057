package io.walrus.it.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures, beside the cluster and without it, how long this machine lets somebody wait who wants
 * nothing but a moment of a processor and a sync of one small file, on each disk that a node uses.
 * Where that takes longer than a lease has to spare, the machine is a fault of its own that no node
 * can be blamed for.
 */
final class MachineWatch implements AutoCloseable {

    private static final long LOOK_NANOS = 20_000_000L;

    private final List<DiskWatch> disks = new ArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param dirs one of each disk
     */
    MachineWatch(List<Path> dirs) throws IOException {
        for (Path dir : dirs) {
            disks.add(new DiskWatch(dir));
        }
        disks.forEach(disk -> disk.watcher.start());
    }

    /** A byte is written over and over again: that needs no room, so a full disk may be watched. */
    private final class DiskWatch {

        private final FileChannel file;
        private final Thread watcher = new Thread(this::watch, "machine-watch");
        private final AtomicLong longestNanos = new AtomicLong();
        private volatile long lookedNanos = System.nanoTime();

        DiskWatch(Path dir) throws IOException {
            Files.createDirectories(dir);
            file =
                    FileChannel.open(
                            dir.resolve("machine-watch"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            watcher.setDaemon(true);
        }

        private void watch() {
            try {
                while (!ended.get()) {
                    LockSupport.parkNanos(LOOK_NANOS);
                    file.write(ByteBuffer.allocate(1), 0);
                    file.force(false);
                    long nowNanos = System.nanoTime();
                    long tookNanos = nowNanos - lookedNanos;
                    longestNanos.accumulateAndGet(tookNanos, Math::max);
                    lookedNanos = nowNanos;
                }
            } catch (IOException broken) {
                throw new IllegalStateException("the disk under the test is broken", broken);
            }
        }

        long longestNanos() {
            return Math.max(longestNanos.get(), System.nanoTime() - lookedNanos);
        }

        void close() throws IOException {
            try {
                watcher.join(30_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            file.close();
        }
    }

    /** Forgets what was; what is being waited for at this moment counts from its beginning. */
    void begin() {
        disks.forEach(disk -> disk.longestNanos.set(0));
    }

    /** The longest wait since the last {@link #begin}, the one that still lasts included. */
    long longestMillis() {
        return disks.stream().mapToLong(DiskWatch::longestNanos).max().orElse(0) / 1_000_000;
    }

    @Override
    public void close() throws IOException {
        ended.set(true);
        for (DiskWatch disk : disks) {
            disk.close();
        }
    }
}
