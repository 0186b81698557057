package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch as large as one may be, on a real disk, in a heap that is no larger. */
final class LargestBatchTest {

    private static final int LARGEST = 1_024;

    /** With its length in front of it, of which a batch counts the bytes too. */
    private static final int ENTRY_BYTES = (1 << 20) - 4;

    private static final int READ_BYTES = 16 << 20;

    private final ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);

    @TempDir private Path dir;

    LargestBatchTest() {
        for (int at = 0; at < ENTRY_BYTES; at++) {
            entry.put(at, (byte) (at * 31));
        }
    }

    @Test
    void aGibibyteIsAppendedAtOnceAndIsThereAfterTheNextOpening() {
        isAppendedAndStays(WalOptions.in(dir), LARGEST);
    }

    @Test
    void throughAChannelABatchTakesItsOwnSizeOfHeapAndNoMore() {
        isAppendedAndStays(channel(), LARGEST / 3);
    }

    @Test
    void throughAChannelOneThatTheHeapHasNoRoomForIsRefusedAndTheLogGoesOn() {
        long heap = Runtime.getRuntime().maxMemory();
        assumeTrue(heap <= 1L << 30, () -> "expected a heap of 1 GiB at most, found " + heap);
        try (Wal wal = Wal.open(channel())) {
            wal.append("events", new byte[] {1});
            assertThatThrownBy(() -> wal.appendBatch("events", batch(LARGEST)))
                    .isInstanceOf(WalException.class)
                    .hasMessageContaining("nothing was written: raise -Xmx")
                    .extracting(refused -> ((WalException) refused).kind())
                    .isEqualTo(WalException.Kind.BUSY);
            assertThat(wal.append("events", new byte[] {2})).isOne();
        }
    }

    private WalOptions channel() {
        return WalOptions.in(dir).backend(Backend.FILE_CHANNEL);
    }

    private List<ByteBuffer> batch(int entries) {
        return Collections.nCopies(entries, entry);
    }

    private void isAppendedAndStays(WalOptions options, int entries) {
        try (Wal wal = Wal.open(options)) {
            wal.append("events", new byte[] {1});
            assertThat(wal.appendBatch("events", batch(entries))).isOne();
            assertThat(wal.append("events", new byte[] {2})).isEqualTo(entries + 1);
        }
        try (Wal wal = Wal.open(options)) {
            assertThat(wal.recovery().damages()).isEmpty();
            assertThat(wal.endOffset("events")).isEqualTo(entries + 2);
            for (long offset = 1; offset <= entries; ) {
                List<Entry> some = wal.readAt("events", offset, READ_BYTES);
                some.stream()
                        .limit(entries + 1 - offset)
                        .forEach(one -> assertThat(one.payload()).isEqualTo(entry));
                offset += some.size();
            }
            assertThat(wal.readAt("events", entries + 1, 1).get(0).bytes()).containsExactly(2);
        }
    }
}
