package io.walrus.bench.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory that was touched, and that a run gets just before it needs it.
 *
 * <p>A virtual machine gives free pages back to its host after a second or two, and the next use of such a page is ten
 * times slower: whoever writes to the page cache would measure the host. So a file in shared memory keeps pages in use,
 * and a thread gives up as much of it as the run takes. One run at a time; any thread.
 */
public final class WarmMemory implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path FREE_MEMORY = Path.of("/proc/meminfo");
    private static final int CHUNK_BYTES = 4 << 20;
    private static final long AHEAD_BYTES = 1L << 30;
    private static final long LOOK_NANOS = 10_000_000;

    private final FileChannel file;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private final long bytes;
    private long held;
    private volatile boolean running;
    private Thread giver;

    /** Holds nothing yet; nothing ever, where there is no such file system or not enough memory. */
    public WarmMemory(int gib, PrintStream progress) throws IOException {
        boolean possible = gib > 0 && Files.isDirectory(SHARED_MEMORY) && Files.exists(FREE_MEMORY);
        long asked = possible ? (long) gib << 30 : 0;
        if (asked > 0 && asked + 2 * AHEAD_BYTES > freeBytes()) {
            progress.printf("memory is not kept warm: %d GiB and two more must be free%n", gib);
            asked = 0;
        }
        this.bytes = asked;
        this.file =
                asked == 0
                        ? null
                        : FileChannel.open(
                                SHARED_MEMORY.resolve("walrus-bench-" + ProcessHandle.current().pid()),
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** Touches what the run before took, and starts to give. */
    public void giveToNextRun() throws IOException {
        if (file == null) {
            return;
        }
        while (held < bytes) {
            held += file.write(chunk.clear(), held);
        }
        long floor = freeBytes() + AHEAD_BYTES;
        running = true;
        giver = new Thread(() -> give(floor), "warm-memory");
        giver.setDaemon(true);
        giver.start();
    }

    /** Keeps as much free as was free before, and one GiB of warm pages. */
    private void give(long floor) {
        try {
            while (running && held > 0) {
                long missing = floor - freeBytes();
                if (missing > 0) {
                    held = Math.max(0, held - missing);
                    file.truncate(held);
                } else {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        } catch (IOException lost) {
            throw new IllegalStateException("memory is not kept warm any more", lost);
        }
    }

    /** The run has ended. */
    public void stop() throws InterruptedException {
        running = false;
        if (giver != null) {
            giver.join();
            giver = null;
        }
    }

    private static long freeBytes() throws IOException {
        for (String line : Files.readAllLines(FREE_MEMORY)) {
            if (line.startsWith("MemFree:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("expected a line MemFree in " + FREE_MEMORY);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
