package io.walrus.bench.engine;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long this disk takes to write a block and sync it; some peers are tuned by it. */
final class SyncTime {
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 256;

    private SyncTime() {}

    /** The mean over some blocks of a file that was written before. */
    static int nanos(Path directory) throws IOException {
        Path file = directory.resolve("sync-time.tmp");
        try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            channel.write(ByteBuffer.allocateDirect(BLOCKS * BLOCK_BYTES));
            channel.force(true);
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            long start = System.nanoTime();
            for (int i = 0; i < BLOCKS; i++) {
                channel.write(block.clear(), (long) i * BLOCK_BYTES);
                channel.force(false);
            }
            return (int) ((System.nanoTime() - start) / BLOCKS);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
