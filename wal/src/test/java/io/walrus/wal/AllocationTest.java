package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an append leaves to the garbage collector once its file is there: next to nothing. */
final class AllocationTest {

    private static final int APPENDS = 20_000;

    /** The index of the file, an entry for each 4 KiB, in arrays that double. */
    private static final long BYTES_PER_APPEND_MAX = 12;

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAppendWithoutASyncAllocatesNothingOfItsOwn(boolean array) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] payload = new byte[500];
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        try (Wal wal = Wal.open(WalOptions.in(dir).fsync(FsyncPolicy.none()))) {
            // Up to the file that holds all that is measured.
            append(wal, array, payload, buffer, 3 * APPENDS);
            long before = threads.getCurrentThreadAllocatedBytes();
            append(wal, array, payload, buffer, APPENDS);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated / (double) APPENDS).isLessThan(BYTES_PER_APPEND_MAX);
        }
    }

    private static void append(
            Wal wal, boolean array, byte[] payload, ByteBuffer buffer, int count) {
        for (int n = 0; n < count; n++) {
            if (array) {
                wal.append("events", payload);
            } else {
                wal.append("events", buffer);
            }
        }
    }
}
